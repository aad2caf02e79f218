-- Comes before the scripts that make messages wait.
--
-- Messages without a priority wait in the list `wait`, the others in the sorted set `prioritized`, which is taken from
-- first: by BullMQ's priority, from 1, the most urgent, and equal ones in the order given, which `pc` numbers.
local function enqueue(prefix, ids, priorities)
  local plain, urgent = {}, {}
  for at, id in ipairs(ids) do
    if priorities[at] == 0 then
      table.insert(plain, id)
    else
      table.insert(urgent, priorities[at] * 4294967296)
      table.insert(urgent, id)
    end
  end
  if #plain > 0 then redis.call('LPUSH', prefix .. 'wait', unpack(plain)) end
  if #urgent > 0 then
    local number = redis.call('INCRBY', prefix .. 'pc', #urgent / 2) - #urgent / 2
    for at = 1, #urgent, 2 do
      number = number + 1
      urgent[at] = urgent[at] + number % 4294967296
    end
    redis.call('ZADD', prefix .. 'prioritized', unpack(urgent))
  end
end
