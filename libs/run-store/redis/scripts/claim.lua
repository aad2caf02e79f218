-- Counts a claim of a step and moves the run to running. KEYS and return: record.lua.
-- ARGV[1]  step    ARGV[2]  when to sweep the run next, ms

local status = get('st')
if (status ~= 'received' and status ~= 'running') or get('o:' .. ARGV[1]) then
  return { 0, record }
end
local claims = 'c:' .. ARGV[1]
local changes = { claims, number(claims) + 1 }
if status == 'received' then
  changes[3] = 'st'
  changes[4] = 'running'
end
sweep_at(ARGV[2], changes)
write(changes)
return { 1, record }
