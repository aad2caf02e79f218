-- Has a run told of from now on: of every transition, or of its end alone unless somebody wants more.
-- KEYS[1]  the run's record
-- ARGV[1]  what to put down in `wt`, see record.lua

if redis.call('EXISTS', KEYS[1]) == 0 then
  return
end
redis.call(ARGV[1] == '1' and 'HSET' or 'HSETNX', KEYS[1], 'wt', ARGV[1])
