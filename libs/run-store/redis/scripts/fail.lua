-- Counts a failed try of a step. KEYS and return: record.lua.
-- ARGV[1]  step    ARGV[2]  when to sweep the run next, ms

if get('st') ~= 'running' or get('o:' .. ARGV[1]) then
  return { 0, record }
end
local failures = 'f:' .. ARGV[1]
local changes = { failures, number(failures) + 1 }
sweep_at(ARGV[2], changes)
write(changes)
return { 1, record }
