-- Takes records of an owner away.
-- KEYS[1]  base of the app's keys
-- ARGV[1]  the owner; records of another one stay
-- ARGV[i]  a connection id, for i from 2 on
-- OUTPUT   how many there were
local found = 0
for i = 2, #ARGV do
  local text = owned(ARGV[1], ARGV[i])
  if text then
    take(ARGV[i], text)
    found = found + 1
  end
end
return found
