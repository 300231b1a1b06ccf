-- Renews the lease of an owner, or gives it its first one, and says who else has one.
-- KEYS[1]  leases: owner -> when its lease ends, ms of Redis' clock
-- KEYS[2]  names: owner -> its node
-- KEYS[3]  cleaning: owner without a lease whose records are taken away -> when the claim of its cleaner ends
-- ARGV[1]  the owner
-- ARGV[2]  its node
-- ARGV[3]  how long the lease is to last, ms
-- ARGV[4]  how long after the end of its lease an owner may still renew it, ms
-- ARGV[5]  1 for the first lease of this owner
-- OUTPUT   {lost, live, dead}. lost is 1 when the owner has no lease to renew: it got none then. live is a flat
--          list of owner, node and ms that its lease still lasts; dead one of owners that are to be cleaned.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lost = 0
if ARGV[5] ~= '1' and not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  lost = 1
else
  redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
end
local live = {}
local leases = redis.call('ZRANGE', KEYS[1], '(' .. now, '+inf', 'BYSCORE', 'WITHSCORES')
for i = 1, #leases, 2 do
  live[#live + 1] = leases[i]
  live[#live + 1] = redis.call('HGET', KEYS[2], leases[i]) or ''
  live[#live + 1] = tonumber(leases[i + 1]) - now
end
local dead = redis.call('ZRANGE', KEYS[1], '-inf', now - ARGV[4], 'BYSCORE')
for _, owner in ipairs(redis.call('ZRANGE', KEYS[3], '-inf', now, 'BYSCORE')) do
  dead[#dead + 1] = owner
end
return { lost, live, dead }
