-- Put before the scripts that change members of a shard.
-- KEYS[1]  the run's record    KEYS[2]  the index of what is due    KEYS[3]  the members of the shard, a hash
-- ARGV[1]  step of the shard    ARGV[2]  when to sweep the run next, ms    ARGV[3…]  members
-- Returns  nil when there is no such run, else {its status; 1 when the update was made, else 0; how many members of the
--          shard are settled; the members asked for, nil where nothing was done with one yet; the settlements, JSON, of
--          those among them that end in `+`}
--
-- A member is a field called by its number: claims, failures and, if there were any, snoozes, with blanks between, and once
-- it is settled ` +`. Then `s<number>` is its settlement. `n` is how many are settled; it is written in one command with the settlements that it
-- counts. As settlements are long, they are read only when they are told, and never joined to anything.

local status, settlement, index_time, watch, is_known = unpack(redis.call('HMGET', KEYS[1], 'st', 'o:' .. ARGV[1], 'ix', 'wt', 'm:' .. ARGV[1]))
if not status then
  return nil
end
local is_open = (status == 'received' or status == 'running') and not settlement

-- The members from ARGV[3] to ARGV[last], and how many of the shard are settled.
local function find(last)
  local members = redis.call('HMGET', KEYS[3], 'n', unpack(ARGV, 3, last))
  return members, tonumber(table.remove(members, 1) or 0)
end

-- Claims and failures of a member and its snoozes, '' or with a blank before them; nil when it is settled.
local function counts(member)
  if not member then
    return 0, 0, ''
  end
  return string.match(member, '^(%d+) (%d+)( ?%d*)$')
end

local function run_id()
  return string.match(KEYS[1], '}:run:(.*)$')
end

-- Writes `changes` of members, a list of fields and values, and what becomes of the run with them.
local function write(changes)
  if #changes > 0 then
    redis.call('HSET', KEYS[3], unpack(changes))
  end
  local run = { 'sw', ARGV[2] }
  if status == 'received' then
    status = 'running'
    run[3], run[4] = 'st', status
  end
  if tonumber(ARGV[2]) < tonumber(index_time) then
    run[#run + 1] = 'ix'
    run[#run + 1] = ARGV[2]
    redis.call('ZADD', KEYS[2], ARGV[2], run_id())
  end
  if not is_known then
    run[#run + 1] = 'm:' .. ARGV[1]
    run[#run + 1] = 1
  end
  redis.call('HSET', KEYS[1], unpack(run))
  if watch == '1' then
    redis.call('PUBLISH', KEYS[1], run_id())
  end
end

local function reply(members, settled)
  local fields = {}
  for i, member in ipairs(members) do
    if member and string.byte(member, -1) == 43 then
      fields[#fields + 1] = 's' .. ARGV[2 + i]
    end
  end
  local settlements = #fields > 0 and redis.call('HMGET', KEYS[3], unpack(fields)) or {}
  return { status, is_open and 1 or 0, settled, members, settlements }
end
