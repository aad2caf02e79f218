-- Removes some of the messages that wait, those that groups take turns for included; see enqueue.lua.
-- KEYS[1] key prefix of the queue; ARGV: how many. Returns how many were removed.
local prefix, most = KEYS[1], tonumber(ARGV[1])
local removed = 0

local function remove(ids, step)
  for at = 1, #ids, step do removed = removed + redis.call('DEL', prefix .. ids[at]) end
end

remove(redis.call('ZPOPMIN', prefix .. 'prioritized', most), 2)
while removed < most do
  local group = redis.call('ZRANGE', prefix .. 'groups:turns', 0, 0)[1]
  if not group then break end
  local ids = redis.call('RPOP', prefix .. 'groups:of:' .. group, most - removed) or {}
  if #ids == 0 then redis.call('ZREM', prefix .. 'groups:turns', group) end
  remove(ids, 1)
  for _ = 1, #ids do redis.call('LREM', prefix .. 'wait', -1, '0:turn') end
end
if removed < most then remove(redis.call('RPOP', prefix .. 'wait', most - removed) or {}, 1) end
if redis.call('EXISTS', prefix .. 'wait') == 0 then redis.call('DEL', prefix .. 'groups:sole') end
return removed
