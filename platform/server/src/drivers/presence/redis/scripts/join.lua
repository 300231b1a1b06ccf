-- Writes records of one owner.
-- KEYS[1]  base of the app's keys
-- ARGV     for each record its connection id and its text
-- OUTPUT   0 when the app has lost what it knew of the owner, 1 otherwise
local known = redis.call('HEXISTS', counts, 'owner ' .. ownerOf(ARGV[2]))
for i = 1, #ARGV, 2 do put(ARGV[i], ARGV[i + 1]) end
return known
