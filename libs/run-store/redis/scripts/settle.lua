-- Settles a step, once. KEYS and return: record.lua.
-- ARGV[1]  step    ARGV[2]  when to sweep the run next, ms    ARGV[3]  the settlement, JSON

local settlement = 'o:' .. ARGV[1]
if get('st') ~= 'running' or get(settlement) then
  return { 0, record }
end
local changes = { settlement, ARGV[3] }
sweep_at(ARGV[2], changes)
write(changes)
return { 1, record }
