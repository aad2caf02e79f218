-- Finds runs that are due, and brings the index up to date for those that are not any more.
-- KEYS[1]  the index of what is due    KEYS[2]  what stands before the id in a record's key; all lie in one slot
-- ARGV[1]  now, ms    ARGV[2]  how many runs to look at
-- Returns  {id, when it was to be swept, ms} of each, in no particular order

local due = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])) do
  local key = KEYS[2] .. id
  local sweep_at = redis.call('HGET', key, 'sw')
  if not sweep_at then
    redis.call('ZREM', KEYS[1], id)
  elseif tonumber(sweep_at) > tonumber(ARGV[1]) then
    redis.call('ZADD', KEYS[1], sweep_at, id)
    redis.call('HSET', key, 'ix', sweep_at)
  else
    due[#due + 1] = { id, sweep_at }
  end
end
return due
