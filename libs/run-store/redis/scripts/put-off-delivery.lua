-- Puts off the next attempt to deliver, without counting one. KEYS and return: record.lua.
-- ARGV[1]  now, ms    ARGV[2]  SHA-256 of the body    ARGV[3]  when to try, ms

local is_free = status == 'finalizing' or (status == 'delivering' and math.max(number('du'), number('dn')) <= tonumber(ARGV[1]))
if not is_free then
  return { 0, record }
end
set('st', 'delivering')
set('dh', ARGV[2])
set('da', number('da'))
set('du', number('du'))
set('dn', ARGV[3])
sweep_at(ARGV[3])
write(1)
return { 1, record }
