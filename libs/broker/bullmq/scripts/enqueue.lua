-- Comes before the scripts that make messages wait.
--
-- Messages without a priority wait in the list `wait`, the others in the sorted set `prioritized`, which is taken from
-- first: by BullMQ's priority, from 1, the most urgent, and equal ones in the order given, which `pc` numbers.
--
-- Once messages of several groups wait in number, groups take turns: the messages lie in a list for each group, and in
-- `wait` there is a ticket for each, good for one message of the group whose turn it then is. `groups:sole` is whose all
-- messages in `wait` are, '=' and the group, as long as one group alone has so many; '*' while groups take turns.
-- `groups:turns` holds the groups that have messages, by the time of their turn, which `groups:pc` numbers.
local ticket = '0:turn'
-- So many may wait before it matters whose they are.
local few = 16

local function pushTickets(prefix, count)
  local tickets = {}
  for at = 1, math.min(count, 1000) do tickets[at] = ticket end
  for from = 0, count - 1, 1000 do redis.call('LPUSH', prefix .. 'wait', unpack(tickets, 1, math.min(1000, count - from))) end
end

-- Has groups take turns for messages that were just pushed to `wait`, where others were before them.
local function takeTurns(prefix, ids, groups, before)
  redis.call('LPOP', prefix .. 'wait', #ids)
  local sole = redis.call('GET', prefix .. 'groups:sole')
  if sole ~= '*' then
    redis.call('SET', prefix .. 'groups:sole', '*')
    if before > few then
      sole = string.sub(sole or '', 2)
      redis.call('RENAME', prefix .. 'wait', prefix .. 'groups:of:' .. sole)
      redis.call('ZADD', prefix .. 'groups:turns', redis.call('INCR', prefix .. 'groups:pc'), sole)
      pushTickets(prefix, before)
    end
  end
  local lists = {}
  for at, id in ipairs(ids) do
    local list = lists[groups[at]] or {}
    table.insert(list, id)
    lists[groups[at]] = list
  end
  local turn = redis.call('INCR', prefix .. 'groups:pc')
  for group, list in pairs(lists) do
    redis.call('LPUSH', prefix .. 'groups:of:' .. group, unpack(list))
    redis.call('ZADD', prefix .. 'groups:turns', 'NX', turn, group)
  end
  pushTickets(prefix, #ids)
end

local function isOneGroups(groups)
  for at = 2, #groups do
    if groups[at] ~= groups[1] then return false end
  end
  return true
end

local function enqueuePlain(prefix, ids, groups)
  local before = redis.call('LPUSH', prefix .. 'wait', unpack(ids)) - #ids
  local oneGroup = isOneGroups(groups)
  if before + #ids <= few or oneGroup and groups[1] == '' then return end
  local sole, own = redis.call('GET', prefix .. 'groups:sole'), '=' .. groups[1]
  if not oneGroup or sole == '*' or sole ~= own and before > few then
    takeTurns(prefix, ids, groups, before)
  elseif sole ~= own then
    redis.call('SET', prefix .. 'groups:sole', own)
  end
end

local function enqueue(prefix, ids, priorities, groups)
  local plain, plainGroups, urgent = {}, {}, {}
  for at, id in ipairs(ids) do
    if priorities[at] == 0 then
      table.insert(plain, id)
      table.insert(plainGroups, groups[at])
    else
      table.insert(urgent, priorities[at] * 4294967296)
      table.insert(urgent, id)
    end
  end
  if #plain > 0 then enqueuePlain(prefix, plain, plainGroups) end
  if #urgent > 0 then
    local number = redis.call('INCRBY', prefix .. 'pc', #urgent / 2) - #urgent / 2
    for at = 1, #urgent, 2 do
      number = number + 1
      urgent[at] = urgent[at] + number % 4294967296
    end
    redis.call('ZADD', prefix .. 'prioritized', unpack(urgent))
  end
end
