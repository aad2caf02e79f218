-- Has every transition of a run told from now on.
-- KEYS[1]  the run's record
-- Returns  the channel on which they are told

if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], 'wt', 1)
end
return KEYS[1]
