-- Stores messages as BullMQ jobs and wakes a consumer. A message whose id is still there is dropped.
-- KEYS[1] key prefix of the queue; ARGV[1] now, then id, delay, BullMQ's priority (0: none), group (empty: none) and body
-- of each message.
local prefix, now = KEYS[1], tonumber(ARGV[1])
local waiting, priorities, groups, delayed = {}, {}, {}, {}
for at = 2, #ARGV, 5 do
  local id, delay, priority, group, body = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), ARGV[at + 3], ARGV[at + 4]
  if redis.call('EXISTS', prefix .. id) == 0 then
    redis.call('HSET', prefix .. id, 'name', 'message', 'data', body, 'opts', '{}', 'timestamp', now, 'delay', delay, 'priority', priority, 'group', group)
    if delay > 0 then
      table.insert(delayed, (now + delay) * 4096)
      table.insert(delayed, id)
    else
      table.insert(waiting, id)
      table.insert(priorities, priority)
      table.insert(groups, group)
    end
  end
end
if #waiting > 0 then
  enqueue(prefix, waiting, priorities, groups)
  redis.call('ZADD', prefix .. 'marker', 0, '0')
end
if #delayed > 0 then
  redis.call('ZADD', prefix .. 'delayed', unpack(delayed))
  local first = redis.call('ZRANGE', prefix .. 'delayed', 0, 0, 'WITHSCORES')
  redis.call('ZADD', prefix .. 'marker', math.floor(first[2] / 4096), '1')
end
