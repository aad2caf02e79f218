-- Extends the lease of a message and takes the mark off it that BullMQ's own workers put on what may be stalled.
-- KEYS[1] key prefix of the queue; ARGV: id, lock, lease in ms. Returns 1, or 0 when the lock is somebody else's.
local lock = KEYS[1] .. ARGV[1] .. ':lock'
if redis.call('GET', lock) ~= ARGV[2] then return 0 end
redis.call('PEXPIRE', lock, ARGV[3])
redis.call('SREM', KEYS[1] .. 'stalled', ARGV[1])
return 1
