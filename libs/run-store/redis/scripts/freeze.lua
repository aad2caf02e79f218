-- Moves a run to finalizing. KEYS and return: record.lua.
-- ARGV[1]  the final record, JSON    ARGV[2]  when to sweep the run next, ms    ARGV[3]  the rev it must have at least

if not was_open or number('rv') < tonumber(ARGV[3]) then
  return { 0, record }
end
set('st', 'finalizing')
set('fi', ARGV[1])
sweep_at(ARGV[2])
write(1)
return { 1, record }
