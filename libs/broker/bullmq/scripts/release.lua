-- Gives a leased message back, to be delivered again at once (before those of its priority
-- that wait) or after a delay.
-- KEYS[1] key prefix of the queue; ARGV: now, id, lock, delay in ms, 1 if the delivery is not to count.
local prefix, now, id, delay = KEYS[1], tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[4])
if redis.call('GET', prefix .. id .. ':lock') ~= ARGV[3] then return end
redis.call('DEL', prefix .. id .. ':lock')
redis.call('LREM', prefix .. 'active', -1, id)
if ARGV[5] == '1' then redis.call('HINCRBY', prefix .. id, 'ats', -1) end
if delay > 0 then
  redis.call('ZADD', prefix .. 'delayed', (now + delay) * 4096, id)
  local first = redis.call('ZRANGE', prefix .. 'delayed', 0, 0, 'WITHSCORES')
  redis.call('ZADD', prefix .. 'marker', math.floor(first[2] / 4096), '1')
else
  local priority = tonumber(redis.call('HGET', prefix .. id, 'priority')) or 0
  if priority > 0 then
    redis.call('ZADD', prefix .. 'prioritized', priority * 4294967296, id)
  else
    redis.call('RPUSH', prefix .. 'wait', id)
  end
  redis.call('ZADD', prefix .. 'marker', 0, '0')
end
