-- Makes a leased message a dead letter: a failed job of BullMQ under an id of its own, so that the message's id can be
-- used again, counting its deliveries anew should somebody retry it. Dead letters older than 14 days are removed.
-- KEYS[1] key prefix of the queue; ARGV: now, id, lock, reason.
local prefix, now, id = KEYS[1], tonumber(ARGV[1]), ARGV[2]
if redis.call('GET', prefix .. id .. ':lock') ~= ARGV[3] then return end
redis.call('DEL', prefix .. id .. ':lock')
redis.call('LREM', prefix .. 'active', -1, id)
local dead = id .. '.' .. ARGV[1]
local deliveries = redis.call('HGET', prefix .. id, 'ats') or 0
redis.call('RENAME', prefix .. id, prefix .. dead)
redis.call('HDEL', prefix .. dead, 'ats', 'stc', 'defa')
redis.call('HSET', prefix .. dead, 'failedReason', ARGV[4], 'finishedOn', now, 'deliveries', deliveries)
redis.call('ZADD', prefix .. 'failed', now, dead)
for _, old in ipairs(redis.call('ZRANGEBYSCORE', prefix .. 'failed', 0, now - 1209600000, 'LIMIT', 0, 100)) do
  redis.call('ZREM', prefix .. 'failed', old)
  redis.call('DEL', prefix .. old)
end
