-- Begins a delivery that is over anew. KEYS and return: record.lua.
-- ARGV[1]  when to sweep the run next, ms

if status ~= 'delivered' and status ~= 'exhausted' and status ~= 'endpoint-disabled' then
  return { 0, record }
end
set('st', 'delivering')
set('ep', number('ep') + 1)
set('db', number('da'))
set('sw', ARGV[1])
set('ix', ARGV[1])
write(1)
redis.call('ZADD', KEYS[2], ARGV[1], string.match(KEYS[1], '}:run:(.*)$'))
keep()
return { 1, record }
