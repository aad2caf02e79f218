-- Moves a run to finalizing. KEYS and return: record.lua.
-- ARGV[1]  the final record, JSON    ARGV[2]  when to sweep the run next, ms

local status = get('st')
if status ~= 'received' and status ~= 'running' then
  return { 0, record }
end
local changes = { 'st', 'finalizing', 'fi', ARGV[1] }
sweep_at(ARGV[2], changes)
write(changes)
return { 1, record }
