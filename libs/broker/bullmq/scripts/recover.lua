-- Makes messages wait again, before all others, whose lock ran out: a message becomes active along with its lock, so one
-- that has none is nobody's. KEYS[1] key prefix of the queue. Returns how many there were.
local prefix, found = KEYS[1], 0
for _, id in ipairs(redis.call('LRANGE', prefix .. 'active', 0, -1)) do
  if redis.call('EXISTS', prefix .. id .. ':lock') == 0 then
    redis.call('LREM', prefix .. 'active', -1, id)
    redis.call('RPUSH', prefix .. 'wait', id)
    found = found + 1
  end
end
if found > 0 then redis.call('ZADD', prefix .. 'marker', 0, '0') end
return found
