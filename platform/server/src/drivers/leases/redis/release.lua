-- Gives a lease up, unless it ran out or is somebody else's.
-- KEYS[1]  the lease: the token of its holder
-- ARGV[1]  the token of whoever gives it up
-- OUTPUT   1 when it was given up, 0 when there was nothing to give up
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
