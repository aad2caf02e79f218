-- Puts a run if its id is not taken.
-- KEYS[1]  the run's record    KEYS[2]  the index of what is due    KEYS[3]  the index of the tenant's runs
-- ARGV[1]  the run's id    ARGV[2]  when to sweep it first, ms    ARGV[3]  when it was created, ms, or '' if it is not to be
-- listed    ARGV[4]  runs that were created before then are listed no more, ms    ARGV[5…]  the record's fields and values
-- Returns  nil when the run was put, else the fields and values of the record that is there

local there = redis.call('HGETALL', KEYS[1])
if #there > 0 then
  return there
end
redis.call('HSET', KEYS[1], 'ix', ARGV[2], unpack(ARGV, 5))
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
if ARGV[3] ~= '' then
  redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', '(' .. ARGV[4])
end
return nil
