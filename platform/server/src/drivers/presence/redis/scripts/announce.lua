-- Makes an owner known in an app, before its first record.
-- KEYS[1]  base of the app's keys
-- ARGV[1]  the owner
-- OUTPUT   1 when it was not known, or was lost
return redis.call('HSETNX', counts, 'owner ' .. ARGV[1], 0)
