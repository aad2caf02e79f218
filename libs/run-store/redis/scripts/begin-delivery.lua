-- Begins one more attempt to deliver. KEYS and return: record.lua.
-- ARGV[1]  now, ms    ARGV[2]  SHA-256 of the body    ARGV[3]  until when the attempt owns the delivery, ms

local is_free = status == 'finalizing' or (status == 'delivering' and math.max(number('du'), number('dn')) <= tonumber(ARGV[1]))
if not is_free then
  return { 0, record }
end
set('st', 'delivering')
set('dh', ARGV[2])
set('da', number('da') + 1)
set('du', ARGV[3])
sweep_at(ARGV[3])
write(1)
if get('dn') then
  drop('dn')
end
return { 1, record }
