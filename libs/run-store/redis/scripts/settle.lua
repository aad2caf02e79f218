-- Settles a step, once. KEYS and return: record.lua.
-- ARGV[1]  step    ARGV[2]  when to sweep the run next, ms    ARGV[3]  the settlement, JSON
-- ARGV[4]  step to claim along with it, if any, or ''
-- ARGV[5]  the final record, JSON, if the run is to be finished    ARGV[6]  how long to keep it if it does not say, ms

local settlement = 'o:' .. ARGV[1]
if get('st') ~= 'running' or get(settlement) then
  return { 0, record }
end
local changes = { settlement, ARGV[3] }
if ARGV[5] then
  changes[3], changes[4], changes[5], changes[6] = 'st', 'finished', 'fi', ARGV[5]
  write(changes)
  leave(ARGV[6])
  return { 1, record }
end
if ARGV[4] and not get('o:' .. ARGV[4]) then
  changes[3] = 'c:' .. ARGV[4]
  changes[4] = number(changes[3]) + 1
end
sweep_at(ARGV[2], changes)
write(changes)
return { 1, record }
