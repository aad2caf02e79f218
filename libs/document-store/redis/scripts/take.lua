-- Takes out of a bucket by the generic cell rate algorithm, https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm.
-- KEYS[1]  the bucket: its theoretical arrival time (TAT), in microseconds since the epoch
-- ARGV[1]  now    ARGV[2]  how far what is taken moves the TAT on    ARGV[3]  how far it may lie ahead; all in microseconds
-- Returns  {1 when it was taken, else 0; how far the TAT lies ahead of now}

-- Other clocks may be behind: Redis forgets a full bucket so much later, in ms.
local margin = 60000
local now, cost = tonumber(ARGV[1]), tonumber(ARGV[2])
local ahead = math.max(0, tonumber(redis.call('GET', KEYS[1]) or 0) - now)
if ahead + cost > tonumber(ARGV[3]) then
  return { 0, ahead }
end
if cost > 0 then
  ahead = ahead + cost
  redis.call('SET', KEYS[1], string.format('%.0f', now + ahead), 'PX', math.ceil(ahead / 1000) + margin)
end
return { 1, ahead }
