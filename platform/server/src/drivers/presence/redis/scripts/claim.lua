-- Gives one survivor the right to clean up after a dead owner, which loses its lease for good.
-- KEYS[1]  leases: owner -> when its lease ends
-- KEYS[2]  cleaning: owner -> when the claim of its cleaner ends
-- ARGV[1]  the dead owner
-- ARGV[2]  how long after the end of its lease an owner may still renew it, ms
-- ARGV[3]  how long the claim is to last, ms
-- ARGV[4]  the claim to prolong, as this script gave it; empty for a new one
-- OUTPUT   the claim, or an empty text when the owner has a lease, is gone, or another survivor cleans up
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local claimed = redis.call('ZSCORE', KEYS[2], ARGV[1])
if claimed then
  if claimed ~= ARGV[4] and tonumber(claimed) > now then return '' end
elseif ARGV[4] ~= '' then
  return ''
else
  local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
  if not ends or tonumber(ends) > now - ARGV[2] then return '' end
  redis.call('ZREM', KEYS[1], ARGV[1])
end
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
return redis.call('ZSCORE', KEYS[2], ARGV[1])
