-- Makes dead letters wait again, under the ids they had as messages unless those are taken by now.
-- KEYS[1] key prefix of the queue; ARGV the ids of dead letters. Returns how many there were.
local prefix, ids, priorities, groups = KEYS[1], {}, {}, {}

-- The inverse of what bury.lua did to the id.
local function restoreId(dead, diedAt)
  local suffix = '.' .. (diedAt or '')
  local id = string.sub(dead, 1, -#suffix - 1)
  if string.sub(dead, -#suffix) ~= suffix or redis.call('EXISTS', prefix .. id) == 1 then return dead end
  redis.call('RENAME', prefix .. dead, prefix .. id)
  return id
end

for _, dead in ipairs(ARGV) do
  if redis.call('ZREM', prefix .. 'failed', dead) == 1 then
    local diedAt, priority, group = unpack(redis.call('HMGET', prefix .. dead, 'finishedOn', 'priority', 'group'))
    local id = restoreId(dead, diedAt)
    redis.call('HDEL', prefix .. id, 'failedReason', 'finishedOn', 'deliveries', 'ats', 'stc', 'defa')
    table.insert(ids, id)
    table.insert(priorities, tonumber(priority) or 0)
    table.insert(groups, group or '')
  end
end
if #ids > 0 then
  enqueue(prefix, ids, priorities, groups)
  redis.call('ZADD', prefix .. 'marker', 0, '0')
end
return #ids
