-- Ends a run that is received or running. KEYS and return: record.lua.
-- ARGV[1]  the status it ends with    ARGV[2]  the final record, JSON    ARGV[3]  how long to keep it if it does not say, ms

local status = get('st')
if status ~= 'received' and status ~= 'running' then
  return { 0, record }
end
write({ 'st', ARGV[1], 'fi', ARGV[2] })
leave(ARGV[3])
return { 1, record }
