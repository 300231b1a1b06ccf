-- Reads records of a topic in the order of their ids.
-- KEYS[1]  base of the app's keys
-- ARGV[1]  the topic
-- ARGV[2]  the id after which to begin; empty for the first
-- ARGV[3]  how many at most
-- OUTPUT   the texts of the records; fewer than asked for when there are no more
local from = ARGV[2] == '' and '-' or '(' .. ARGV[2]
local texts = {}
for _, connection in ipairs(redis.call('ZRANGE', topicOf(ARGV[1]), from, '+', 'BYLEX', 'LIMIT', 0, ARGV[3])) do
  texts[#texts + 1] = redis.call('HGET', records, connection)
end
return texts
