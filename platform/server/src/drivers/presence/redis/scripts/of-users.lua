-- Reads the records of some users.
-- KEYS[1]  base of the app's keys
-- ARGV[1]  the owner whose records are left out; empty for none
-- ARGV[i]  a user id as JSON, for i from 2 on: at least one
-- OUTPUT   the texts of their records
local wanted = {}
for _, list in ipairs(redis.call('HMGET', users, unpack(ARGV, 2))) do
  for connection, owner in string.gmatch(list or '', '(%S+) (%S+)') do
    if owner ~= ARGV[1] then wanted[#wanted + 1] = connection end
  end
end
local texts = {}
for _, connection in ipairs(wanted) do
  local text = redis.call('HGET', records, connection)
  if text then texts[#texts + 1] = text end
end
return texts
