-- Lists documents by key, and drops those that have expired.
-- KEYS[1]  the collection's keys    KEYS[2]  what stands before the key in a document's name    KEYS[3]  its keys that expire
-- ARGV[1]  the first and ARGV[2] the last key, as ZRANGEBYLEX has them    ARGV[3]  how many    ARGV[4]  now, ms
-- Returns  {the last key looked at, '' when there was none; {key, value, version, expiry} of each that has not expired}

-- A page ends where its values come to so many bytes.
local enough = 1048576
local page, bytes = { '' }, 0
for _, key in ipairs(redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])) do
  local value, version, expires = unpack(redis.call('HMGET', KEYS[2] .. key, 'v', 'n', 'x'))
  page[1] = key
  if not value or (expires and tonumber(expires) <= tonumber(ARGV[4])) then
    redis.call('ZREM', KEYS[1], key)
    redis.call('ZREM', KEYS[3], key)
    redis.call('DEL', KEYS[2] .. key)
  else
    page[#page + 1] = { key, value, version, expires }
    bytes = bytes + #value
    if bytes >= enough then
      break
    end
  end
end
return page
