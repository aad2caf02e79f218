-- Put before the script of every transition.
-- KEYS[1]  the run's record, a hash
-- KEYS[2]  the index of what is due, a sorted set of run ids by time
-- Returns  nil when there is no such run, else {1 when the transition was made, else 0; the record's fields and values}
--
-- The record is read once. It stays the flat list that HGETALL gives and is changed along with the hash.
-- `ix` is the time under which the index holds the run. It is never later than `sw` and is left alone while `sw` moves
-- away from it; due.lua brings it up to date. `rt` is how long this run is kept once it is over, if it says so itself.
-- `m:<step>` is there when members of that shard lie beside the record, in the hash that members_of names. `wt` is there
-- once somebody watched the run.

local record = redis.call('HGETALL', KEYS[1])
if #record == 0 then
  return nil
end

local place = {}
for i = 1, #record, 2 do
  place[record[i]] = i + 1
end

local function get(field)
  return record[place[field]]
end

local function number(field)
  return tonumber(get(field) or 0)
end

-- Adds to `changes` when to sweep the run next. In the index the run only ever moves nearer.
local function sweep_at(time, changes)
  changes[#changes + 1] = 'sw'
  changes[#changes + 1] = time
  if tonumber(time) < number('ix') then
    changes[#changes + 1] = 'ix'
    changes[#changes + 1] = time
    redis.call('ZADD', KEYS[2], time, string.match(KEYS[1], '}:run:(.*)$'))
  end
end

-- Writes `changes`, a list of fields and values, counts the transition and tells those who watch.
local function write(changes)
  changes[#changes + 1] = 'rv'
  changes[#changes + 1] = number('rv') + 1
  redis.call('HSET', KEYS[1], unpack(changes))
  for i = 1, #changes, 2 do
    local at = place[changes[i]] or #record + 2
    record[at - 1] = changes[i]
    record[at] = changes[i + 1]
    place[changes[i]] = at
  end
  if place.wt then
    redis.call('PUBLISH', KEYS[1], get('rv'))
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

local function members_of(step)
  return (string.gsub(KEYS[1], '}:run:', '}:members:', 1)) .. ':' .. step
end

-- Takes a run that is over out of the index, and has it and the members beside it expire. `retention` is in ms.
local function leave(retention)
  retention = get('rt') or retention
  drop('sw', 'ix')
  redis.call('ZREM', KEYS[2], string.match(KEYS[1], '}:run:(.*)$'))
  for i = 1, #record, 2 do
    if string.sub(record[i], 1, 2) == 'm:' then
      redis.call('PEXPIRE', members_of(string.sub(record[i], 3)), retention)
    end
  end
  redis.call('PEXPIRE', KEYS[1], retention)
end
