-- Takes some of the records of an owner away; with the last of them all that the app knew of it.
-- KEYS[1]  base of the app's keys
-- ARGV[1]  the owner
-- ARGV[2]  how many at most
-- OUTPUT   the texts of the records; none when there are no more
local texts = {}
local ids = redis.call('ZRANGE', idsOf(ARGV[1]), 0, ARGV[2] - 1)
for _, connection in ipairs(ids) do
  local text = owned(ARGV[1], connection)
  if text then
    take(connection, text)
    texts[#texts + 1] = text
  else
    redis.call('ZREM', idsOf(ARGV[1]), connection)
  end
end
if redis.call('ZCARD', idsOf(ARGV[1])) == 0 then redis.call('HDEL', counts, 'owner ' .. ARGV[1]) end
return texts
