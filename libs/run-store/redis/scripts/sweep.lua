-- Counts a sweep of a run that is due. KEYS and return: record.lua.
-- ARGV[1]  now, ms    ARGV[2]  when to sweep the run next, ms

local due_at = get('sw')
if not due_at or tonumber(due_at) > tonumber(ARGV[1]) then
  return { 0, record }
end
set('ep', number('ep') + 1)
sweep_at(ARGV[2])
write(1)
return { 1, record }
