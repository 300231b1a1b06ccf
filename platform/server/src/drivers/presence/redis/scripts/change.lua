-- Changes fields of a record.
-- KEYS[1]  base of the app's keys
-- ARGV[1]  the owner; a record of another one stays as it is
-- ARGV[2]  the connection id
-- ARGV[i]  a field as the text of a record has it, for i from 3 on
-- OUTPUT   1 when it was changed, 0 when there is no such record
local text = owned(ARGV[1], ARGV[2])
if not text then return 0 end
local changed = {}
for i = 3, #ARGV do changed[string.match(ARGV[i], '^"(%w+)":')] = ARGV[i] end
local lines = {}
for line in string.gmatch(text, '[^\n]+') do
  local name = string.match(line, '^"(%w+)":')
  if name and changed[name] then
    line = changed[name]
    changed[name] = nil
  end
  lines[#lines + 1] = line
end
for _, line in pairs(changed) do lines[#lines + 1] = line end
put(ARGV[2], table.concat(lines, '\n'))
return 1
