-- Begins one more attempt to deliver. KEYS and return: record.lua.
-- ARGV[1]  now, ms    ARGV[2]  SHA-256 of the body    ARGV[3]  until when the attempt owns the delivery, ms

local status = get('st')
local is_free = status == 'finalizing' or (status == 'delivering' and number('du') <= tonumber(ARGV[1]))
if not is_free then
  return { 0, record }
end
local changes = { 'st', 'delivering', 'dh', ARGV[2], 'da', number('da') + 1, 'du', ARGV[3] }
sweep_at(ARGV[3], changes)
write(changes)
if get('dn') then
  drop('dn')
end
return { 1, record }
