-- Reads who owns the records of some users.
-- KEYS[1]  base of the app's keys
-- ARGV     user ids as JSON: at least one
-- OUTPUT   the owners, each once
local seen, owners = {}, {}
for _, list in ipairs(redis.call('HMGET', users, unpack(ARGV))) do
  for owner in string.gmatch(list or '', '%S+ (%S+)') do
    if not seen[owner] then
      seen[owner] = true
      owners[#owners + 1] = owner
    end
  end
end
return owners
