-- Makes a lease last from now on again, unless it ran out or is somebody else's.
-- KEYS[1]  the lease: the token of its holder
-- ARGV[1]  the token of whoever renews it
-- ARGV[2]  how long it is to last, ms
-- OUTPUT   1 when it was renewed, 0 when it is lost
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
