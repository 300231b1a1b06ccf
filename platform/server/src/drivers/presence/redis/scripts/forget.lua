-- Forgets an owner that has no records any more.
-- KEYS[1]  leases: owner -> when its lease ends
-- KEYS[2]  names: owner -> its node
-- KEYS[3]  cleaning: owner -> when the claim of its cleaner ends
-- KEYS[4]  the apps in which the owner has had records
-- ARGV[1]  the owner
-- ARGV[2]  the claim of the one who cleaned up; empty for the owner itself
-- OUTPUT   1 when it was forgotten, 0 when the claim is another's by now
local claimed = redis.call('ZSCORE', KEYS[3], ARGV[1])
if ARGV[2] ~= '' and claimed ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('DEL', KEYS[4])
return 1
