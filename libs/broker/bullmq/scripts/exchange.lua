-- Acknowledges finished messages and, in the same step, leases the next ones to the caller.
-- KEYS[1] key prefix of the queue; ARGV: now, token of the consumer, lease in ms, how many messages are wanted, 1 if the
-- caller took the marker, then id and delivery count of each message to acknowledge.
-- Returns when the next delayed message is due (0: none), then id, delivery count and body of each message taken.
--
-- The marker wakes one waiting consumer. Whoever takes it and leaves messages behind puts it back for the next.
local prefix, now, token, lease = KEYS[1], tonumber(ARGV[1]), ARGV[2], ARGV[3]
local wanted, woken = tonumber(ARGV[4]), ARGV[5] == '1'

local function acknowledge()
  local locks, done = {}, {}
  for at = 6, #ARGV, 2 do table.insert(locks, prefix .. ARGV[at] .. ':lock') end
  for at, held in ipairs(redis.call('MGET', unpack(locks))) do
    local id, count = ARGV[4 + 2 * at], ARGV[5 + 2 * at]
    if held == token .. count then
      redis.call('LREM', prefix .. 'active', -1, id)
      table.insert(done, prefix .. id)
      table.insert(done, locks[at])
    end
  end
  if #done > 0 then redis.call('DEL', unpack(done)) end
end

local function nextDue()
  local first = redis.call('ZRANGE', prefix .. 'delayed', 0, 0, 'WITHSCORES')
  return first[2] and math.floor(first[2] / 4096) or 0
end

local function promote()
  local due = redis.call('ZRANGEBYSCORE', prefix .. 'delayed', 0, (now + 1) * 4096 - 1, 'LIMIT', 0, 1000)
  redis.call('ZREM', prefix .. 'delayed', unpack(due))
  local priorities, groups = {}, {}
  for at, id in ipairs(due) do
    local priority, group = unpack(redis.call('HMGET', prefix .. id, 'priority', 'group'))
    priorities[at], groups[at] = tonumber(priority) or 0, group or ''
  end
  enqueue(prefix, due, priorities, groups)
end

-- Takes messages of a group off its list, `most` of them if there are. Returns how many, and whether some are left.
local function drawOf(group, most, ids)
  local list = prefix .. 'groups:of:' .. group
  local drawn = redis.call('RPOP', list, most) or {}
  for _, id in ipairs(drawn) do table.insert(ids, id) end
  return #drawn, #drawn == most and redis.call('EXISTS', list) == 1
end

-- Shares tickets out evenly over the groups whose turn it is. The first get what is left over, and are then the last, as
-- are all when there may be more than there are tickets. Returns how many tickets found no message.
local function redeem(tickets, ids)
  while tickets > 0 do
    local due = redis.call('ZPOPMIN', prefix .. 'groups:turns', tickets)
    if #due == 0 then break end
    local count = tickets
    local share, over, again = math.floor(count / (#due / 2)), count % (#due / 2), {}
    for at = 1, #due, 2 do
      local getsMore = at < 2 * over
      local drawn, someLeft = drawOf(due[at], getsMore and share + 1 or share, ids)
      tickets = tickets - drawn
      if someLeft then
        table.insert(again, (getsMore or #due == 2 * count) and redis.call('INCR', prefix .. 'groups:pc') or due[at + 1])
        table.insert(again, due[at])
      end
    end
    if #again > 0 then redis.call('ZADD', prefix .. 'groups:turns', unpack(again)) end
  end
  if redis.call('EXISTS', prefix .. 'groups:turns') == 0 then redis.call('DEL', prefix .. 'groups:sole') end
  return tickets
end

-- Takes `most` ids off the list of those without a priority, if there are.
local function drawPlain(most, ids)
  while most > 0 do
    local tickets, drawn = 0, redis.call('RPOP', prefix .. 'wait', most) or {}
    for _, id in ipairs(drawn) do
      if id == ticket then tickets = tickets + 1 else table.insert(ids, id) end
    end
    most = tickets > 0 and redeem(tickets, ids) or 0
  end
end

-- Takes ids off the queue, those with a priority first. Returns them and whether the prioritized ones are all taken.
local function draw()
  local ids, drawn = {}, redis.call('ZPOPMIN', prefix .. 'prioritized', wanted)
  for at = 1, #drawn, 2 do table.insert(ids, drawn[at]) end
  if #ids == wanted then return ids, false end
  drawPlain(wanted - #ids, ids)
  return ids, true
end

local function someLeft(onlyPlain)
  return redis.call('LLEN', prefix .. 'wait') > 0 or not onlyPlain and redis.call('ZCARD', prefix .. 'prioritized') > 0
end

if #ARGV > 5 then acknowledge() end
if wanted == 0 then return {} end

local dueAt, promoted = nextDue(), false
if dueAt > 0 and dueAt <= now then
  promote()
  dueAt, promoted = nextDue(), true
end

local taken = { dueAt }
local ids, onlyPlainLeft = draw()
if #ids > 0 then redis.call('LPUSH', prefix .. 'active', unpack(ids)) end
for _, id in ipairs(ids) do
  local body = redis.call('HGET', prefix .. id, 'data')
  if body then
    local count = redis.call('HINCRBY', prefix .. id, 'ats', 1)
    redis.call('SET', prefix .. id .. ':lock', token .. count, 'PX', lease)
    table.insert(taken, id)
    table.insert(taken, count)
    table.insert(taken, body)
  else
    redis.call('LREM', prefix .. 'active', 1, id)
  end
end

if #ids < wanted then
  if not woken then redis.call('ZREM', prefix .. 'marker', '0') end
else
  if (woken or promoted) and someLeft(onlyPlainLeft) then redis.call('ZADD', prefix .. 'marker', 0, '0') end
  if dueAt > 0 then redis.call('ZADD', prefix .. 'marker', dueAt, '1') end
end
return taken
