-- Ends a run that is received or running. KEYS and return: record.lua.
-- ARGV[1]  the status it ends with    ARGV[2]  the final record, JSON    ARGV[3]  how long to keep it if it does not say, ms
-- ARGV[4]  the rev it must have at least

if not was_open or number('rv') < tonumber(ARGV[4]) then
  return { 0, record }
end
set('st', ARGV[1])
set('fi', ARGV[2])
write(1)
leave(ARGV[3])
return { 1, record }
