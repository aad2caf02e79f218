-- Removes some dead letters.
-- KEYS[1] key prefix of the queue; ARGV: died when at the latest, how many. Returns how many were removed.
local prefix = KEYS[1]
local letters = redis.call('ZRANGEBYSCORE', prefix .. 'failed', '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, id in ipairs(letters) do redis.call('DEL', prefix .. id) end
if #letters > 0 then redis.call('ZREM', prefix .. 'failed', unpack(letters)) end
return #letters
