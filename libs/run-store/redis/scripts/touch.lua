-- Puts off a run's next sweep.
-- KEYS[1]  the run's record
-- ARGV[1]  when to sweep it next, ms
-- Returns  nil

local sweep_at = redis.call('HGET', KEYS[1], 'sw')
if sweep_at and tonumber(sweep_at) < tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'sw', ARGV[1])
end
return nil
