-- Puts off a run's next sweep.
-- KEYS[1]  the run's record
-- ARGV[1]  when to sweep it next, ms
-- Returns  the run's status, nil when there is no such run

local sweep_at, status = unpack(redis.call('HMGET', KEYS[1], 'sw', 'st'))
if sweep_at and tonumber(sweep_at) < tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'sw', ARGV[1])
end
return status
