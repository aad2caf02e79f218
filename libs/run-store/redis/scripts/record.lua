-- Put before the script of every transition.
-- KEYS[1]  the run's record, a hash
-- KEYS[2]  the index of what is due, a sorted set of run ids by time
-- Returns  nil when there is no such run, else {1 when the transition was made, else 0; the record's fields and values}
--
-- The record is read once. It stays the flat list that HGETALL gives and is changed there; `write` then writes all that was
-- changed in one command.
-- `ix` is the time under which the index holds the run. It is never later than `sw` and is left alone while `sw` moves
-- away from it; due.lua brings it up to date. `rt` is how long this run is kept once it is over, if it says so itself.
-- `m:<step>` is there when members of that shard lie beside the record, in the hash that members_of names. `wt` is there
-- when somebody watches the run: `1` to be told of every transition, `e` of its end alone.

local record = redis.call('HGETALL', KEYS[1])
if #record == 0 then
  return nil
end

local place = {}
for i = 1, #record, 2 do
  place[record[i]] = i + 1
end

local changes = {}

local function get(field)
  return record[place[field]]
end

local function number(field)
  return tonumber(get(field) or 0)
end

-- What is set again is told to Redis again, in order: that is cheaper than to look for it.
local function set(field, value)
  local at, last = place[field], #changes
  if not at then
    at = #record + 2
    record[at - 1], place[field] = field, at
  end
  record[at], changes[last + 1], changes[last + 2] = value, field, value
end

local status = get('st')
local was_open = status == 'received' or status == 'running'

-- Sets when to sweep the run next. In the index the run only ever moves nearer.
local function sweep_at(time)
  set('sw', time)
  if tonumber(time) < number('ix') then
    set('ix', time)
    redis.call('ZADD', KEYS[2], time, string.match(KEYS[1], '}:run:(.*)$'))
  end
end

-- Writes what was changed, counts the transitions, and tells those who watch, by the run's id: the end on a channel beside
-- the index, for all of them; anything else on the run's own.
local function write(transitions)
  set('rv', number('rv') + transitions)
  redis.call('HSET', KEYS[1], unpack(changes))
  if not place.wt then
    return
  end
  status = get('st')
  if was_open and status ~= 'received' and status ~= 'running' then
    redis.call('PUBLISH', (string.gsub(KEYS[2], 'due$', 'ended')), string.match(KEYS[1], '}:run:(.*)$'))
  elseif get('wt') == '1' then
    redis.call('PUBLISH', KEYS[1], string.match(KEYS[1], '}:run:(.*)$'))
  end
end

-- Removes fields, whether the record has them or not.
local function drop(...)
  redis.call('HDEL', KEYS[1], ...)
  for _, field in ipairs({ ... }) do
    local at, last = place[field], #record
    if at then
      record[at - 1], record[at] = record[last - 1], record[last]
      place[record[at - 1]] = at
      record[last - 1], record[last] = nil, nil
      place[field] = nil
    end
  end
end

-- Calls `change` with the key of each shard of members beside the record.
local function each_shard(change)
  local members = string.gsub(KEYS[1], '}:run:', '}:members:', 1) .. ':'
  for i = 1, #record, 2 do
    if string.sub(record[i], 1, 2) == 'm:' then
      change(members .. string.sub(record[i], 3))
    end
  end
end

-- Has a run that is over no longer, and the members beside it, not expire.
local function keep()
  each_shard(function(shard)
    redis.call('PERSIST', shard)
  end)
  redis.call('PERSIST', KEYS[1])
end

-- Takes a run that is over out of the index, and has it and the members beside it expire. `retention` is in ms.
local function leave(retention)
  retention = get('rt') or retention
  drop('sw', 'ix')
  redis.call('ZREM', KEYS[2], string.match(KEYS[1], '}:run:(.*)$'))
  each_shard(function(shard)
    redis.call('PEXPIRE', shard, retention)
  end)
  redis.call('PEXPIRE', KEYS[1], retention)
end
