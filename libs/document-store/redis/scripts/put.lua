-- Puts a document, if it has the version asked for.
-- KEYS[1]  the document, a hash: v value, n version, x when it expires    KEYS[2]  the collection's keys
-- KEYS[3]  its keys that expire, by time    KEYS[4]  what stands before the key in a document's name; all lie in one slot
-- ARGV[1]  the key    ARGV[2]  the value    ARGV[3]  now, ms    ARGV[4]  the version asked for, 0 for none, '' for any
-- ARGV[5]  when it expires, ms, or ''
-- Returns  {1 when it was put, else 0; value, version and expiry as they stand now, if there is a document}

-- Other clocks may be behind: Redis frees what has expired so much later, in ms.
local margin = 60000
local now = tonumber(ARGV[3])
local value, version, expires = unpack(redis.call('HMGET', KEYS[1], 'v', 'n', 'x'))
version = tonumber(version or 0)
if expires and tonumber(expires) <= now then
  version = 0
end

if ARGV[4] ~= '' and tonumber(ARGV[4]) ~= version then
  if version == 0 then
    return { 0 }
  end
  return { 0, value, tostring(version), expires }
end

if version == 0 then
  redis.call('ZADD', KEYS[2], 0, ARGV[1])
end
version = string.format('%.0f', version + 1)
if ARGV[5] ~= '' then
  redis.call('HSET', KEYS[1], 'v', ARGV[2], 'n', version, 'x', ARGV[5])
  redis.call('PEXPIRE', KEYS[1], math.max(0, math.ceil(tonumber(ARGV[5]) - now)) + margin)
  redis.call('ZADD', KEYS[3], ARGV[5], ARGV[1])
  -- Two that have expired go for each that comes: so they do not pile up when nobody lists them.
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 2)) do
    redis.call('ZREM', KEYS[2], key)
    redis.call('ZREM', KEYS[3], key)
    redis.call('DEL', KEYS[4] .. key)
  end
else
  redis.call('HSET', KEYS[1], 'v', ARGV[2], 'n', version)
  if expires then
    redis.call('HDEL', KEYS[1], 'x')
    redis.call('PERSIST', KEYS[1])
    redis.call('ZREM', KEYS[3], ARGV[1])
  end
end
redis.call('PUBLISH', KEYS[2], ARGV[1])
return { 1, ARGV[2], version, ARGV[5] ~= '' and ARGV[5] }
