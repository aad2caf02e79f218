-- Lists dead letters, the oldest first, and equally old ones by id.
-- KEYS[1] key prefix of the queue; ARGV: the time and the id after which the list begins, how many.
-- Returns id, when it died, body, reason, when it was published, deliveries, priority and group of each.
local prefix, since, after, limit = KEYS[1], tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
local letters, offset = {}, 0
while true do
  local page = redis.call('ZRANGEBYSCORE', prefix .. 'failed', since, '+inf', 'WITHSCORES', 'LIMIT', offset, 100)
  for at = 1, #page, 2 do
    local id = page[at]
    if tonumber(page[at + 1]) > since or id > after then
      local fields = redis.call('HMGET', prefix .. id, 'data', 'failedReason', 'timestamp', 'deliveries', 'priority', 'group')
      for field = 1, 6 do fields[field] = fields[field] or '' end
      table.insert(letters, { id, page[at + 1], unpack(fields) })
    end
    if #letters == limit then return letters end
  end
  if #page == 0 then return letters end
  offset = offset + 100
end
