-- Ends the attempt begun last, and with a terminal status the run. KEYS and return: record.lua.
-- ARGV[1]  attempt    ARGV[2]  its log entry, JSON    ARGV[3]  status    ARGV[4]  when to try again, ms, or ''
-- ARGV[5]  how long to keep a run that is over and does not say, ms

if status ~= 'delivering' or get('da') ~= ARGV[1] or number('du') == 0 then
  return { 0, record }
end
local is_over = ARGV[3] ~= 'delivering'
set('st', ARGV[3])
set('g:' .. ARGV[1], ARGV[2])
set('du', 0)
if not is_over and ARGV[4] ~= '' then
  set('dn', ARGV[4])
  sweep_at(ARGV[4])
end
write(1)
if is_over then
  if get('dn') then
    drop('dn')
  end
  leave(ARGV[5])
end
return { 1, record }
