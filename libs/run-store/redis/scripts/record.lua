-- Put before the script of every transition.
-- KEYS[1]  the run's record, a hash
-- KEYS[2]  the index of what is due, a sorted set of run ids by time
-- Returns  nil when there is no such run, else {1 when the transition was made, else 0; the record's fields and values}
--
-- The record is read once. It stays the flat list that HGETALL gives and is changed along with the hash.
-- `ix` is the time under which the index holds the run. It is never later than `sw` and is left alone while `sw` moves
-- away from it; due.lua brings it up to date.

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

-- Writes `changes`, a list of fields and values, and counts the transition.
local function write(changes)
  changes[#changes + 1] = 'rv'
  changes[#changes + 1] = number('rv') + 1
  redis.call('HSET', KEYS[1], unpack(changes))
  for i = 1, #changes, 2 do
    local at = place[changes[i]] or #record + 2
    record[at - 1] = changes[i]
    record[at] = changes[i + 1]
  end
end

-- Removes fields, whether the record has them or not.
local function drop(...)
  redis.call('HDEL', KEYS[1], ...)
  local gone, rest = {}, {}
  for _, field in ipairs({ ... }) do
    gone[field] = true
  end
  for i = 1, #record, 2 do
    if not gone[record[i]] then
      rest[#rest + 1] = record[i]
      rest[#rest + 1] = record[i + 1]
    end
  end
  record = rest
end
