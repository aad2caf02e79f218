-- Stores messages as BullMQ jobs and wakes a consumer. A message whose id is still there is dropped.
-- KEYS[1] key prefix of the queue; ARGV[1] now, then id, delay and body of each message.
local prefix, now = KEYS[1], tonumber(ARGV[1])
local waiting, delayed = {}, {}
for at = 2, #ARGV, 3 do
  local id, delay, body = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]
  if redis.call('EXISTS', prefix .. id) == 0 then
    redis.call('HSET', prefix .. id, 'name', 'message', 'data', body, 'opts', '{}', 'timestamp', now, 'delay', delay, 'priority', 0)
    if delay > 0 then
      table.insert(delayed, (now + delay) * 4096)
      table.insert(delayed, id)
    else
      table.insert(waiting, id)
    end
  end
end
if #waiting > 0 then
  redis.call('LPUSH', prefix .. 'wait', unpack(waiting))
  redis.call('ZADD', prefix .. 'marker', 0, '0')
end
if #delayed > 0 then
  redis.call('ZADD', prefix .. 'delayed', unpack(delayed))
  local first = redis.call('ZRANGE', prefix .. 'delayed', 0, 0, 'WITHSCORES')
  redis.call('ZADD', prefix .. 'marker', math.floor(first[2] / 4096), '1')
end
