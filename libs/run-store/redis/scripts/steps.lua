-- Carries out operations on steps, one after the other; each that applies is a transition. KEYS: record.lua.
-- ARGV  of each operation its name, a step, when to sweep the run next, ms, and after
--         claim, fail, snooze  nothing more
--         settle         the settlement, JSON
--         settle-claim   the settlement, JSON; the step to claim along with it unless that is settled
--         settle-finish  the settlement, JSON; the final record, JSON; how long to keep the run if it does not say, ms; the
--                        rev that the run must have at least to be finished
-- Returns  nil when there is no such run, else {a text of a 1 for each operation that applied and a 0 for each other; the
--          record's fields and values after the last}

local width = { claim = 3, fail = 3, snooze = 3, settle = 4, ['settle-claim'] = 5, ['settle-finish'] = 7 }
local flags, transitions, retention, i = '', 0, nil, 1

local function count(field)
  set(field, number(field) + 1)
end

while ARGV[i] do
  local operation, step = ARGV[i], ARGV[i + 1]
  if get('o:' .. step) or not (status == 'running' or (status == 'received' and operation == 'claim')) then
    flags = flags .. '0'
  else
    flags = flags .. '1'
    transitions = transitions + 1
    if operation == 'claim' then
      count('c:' .. step)
    elseif operation == 'fail' then
      count('f:' .. step)
    elseif operation == 'snooze' then
      count('z:' .. step)
    else
      set('o:' .. step, ARGV[i + 3])
    end
    if operation == 'settle-finish' and number('rv') + transitions > tonumber(ARGV[i + 6]) then
      status, retention = 'finished', ARGV[i + 5]
      set('st', status)
      set('fi', ARGV[i + 4])
    else
      if status == 'received' then
        status = 'running'
        set('st', status)
      end
      if operation == 'settle-claim' and not get('o:' .. ARGV[i + 4]) then
        count('c:' .. ARGV[i + 4])
      end
      sweep_at(ARGV[i + 2])
    end
  end
  i = i + width[operation]
end

if transitions > 0 then
  write(transitions)
end
if retention then
  leave(retention)
end
return { flags, record }
