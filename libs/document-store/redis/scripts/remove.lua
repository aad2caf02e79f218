-- Removes a document, if it has the version asked for.
-- KEYS[1]  the document    KEYS[2]  the collection's keys    KEYS[3]  its keys that expire, by time
-- ARGV[1]  the key    ARGV[2]  now, ms    ARGV[3]  the version asked for, '' for any
-- Returns  1 when it was there and is removed, else 0

local version, expires = unpack(redis.call('HMGET', KEYS[1], 'n', 'x'))
if not version or (expires and tonumber(expires) <= tonumber(ARGV[2])) then
  return 0
end
if ARGV[3] ~= '' and tonumber(ARGV[3]) ~= tonumber(version) then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('PUBLISH', KEYS[2], ARGV[1])
return 1
