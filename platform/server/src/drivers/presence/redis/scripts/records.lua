-- What the scripts on the records of one app share. No script of its own. All keys begin with `base`, KEYS[1] of
-- each script, and have its slot:
--   base:records      connection id -> its record as a text of lines. The first is `OWNER 1`, 0 instead of 1 for a
--                     visitor; the others are the fields of the record, `"name":json` each.
--   base:users        user id as JSON -> `CONNECTION OWNER` for each of their connections, blanks between all
--   base:counts       `owner OWNER` -> how many records it has. It stays at 0: without it the owner knows that
--                     the app was lost. `users` -> how many there are; `"deviceType":...` and `"pattern":...`, the
--                     lines of records, -> how many records have this line
--   base:ids:OWNER    the ids of the records of an owner, in their order
--   base:topic:TOPIC  the ids of the records with the topic among their `topics`, in their order
local base = KEYS[1]
local records, users, counts = base .. ':records', base .. ':users', base .. ':counts'

local function idsOf(owner) return base .. ':ids:' .. owner end

local function topicOf(topic) return base .. ':topic:' .. topic end

local function field(text, name) return string.match(text, '\n("' .. name .. '":[^\n]*)') end

local function userOf(text) return string.sub(field(text, 'userId'), 10) end

local function ownerOf(text) return string.match(text, '^(%S+)') end

local function add(name, by)
  if redis.call('HINCRBY', counts, name, by) == 0 then redis.call('HDEL', counts, name) end
end

local function countLines(text, by)
  add(field(text, 'deviceType'), by)
  add(field(text, 'pattern'), by)
end

-- Topics have no character that JSON would write in another way.
local function eachTopic(text, work)
  local line = field(text, 'topics')
  if not line then return end
  for topic in string.gmatch(string.sub(line, 10), '"([^"]+)"') do work(topicOf(topic)) end
end

-- Writes who the connections of a user belong to: those there are but `except`, and `added`.
local function listConnections(text, except, added)
  local user = userOf(text)
  local before = redis.call('HGET', users, user)
  local kept = {}
  for connection, owner in string.gmatch(before or '', '(%S+) (%S+)') do
    if connection ~= except then kept[#kept + 1] = connection .. ' ' .. owner end
  end
  if added then kept[#kept + 1] = added end
  local isCounted = string.match(text, '^%S+ 1\n') ~= nil
  if #kept == 0 then
    redis.call('HDEL', users, user)
    if before and isCounted then add('users', -1) end
    return
  end
  redis.call('HSET', users, user, table.concat(kept, ' '))
  if not before and isCounted then add('users', 1) end
end

-- Takes a record away, whoever owns it.
local function take(connection, text)
  local owner = ownerOf(text)
  redis.call('HDEL', records, connection)
  redis.call('ZREM', idsOf(owner), connection)
  redis.call('HINCRBY', counts, 'owner ' .. owner, -1)
  countLines(text, -1)
  eachTopic(text, function(key) redis.call('ZREM', key, connection) end)
  listConnections(text, connection)
end

-- Writes a record. One of the same id goes for it, unless it is the same connection of the same owner.
local function put(connection, text)
  local owner = ownerOf(text)
  local before = redis.call('HGET', records, connection)
  if before and ownerOf(before) == owner and userOf(before) == userOf(text) then
    countLines(before, -1)
    eachTopic(before, function(key) redis.call('ZREM', key, connection) end)
  else
    if before then take(connection, before) end
    redis.call('ZADD', idsOf(owner), 0, connection)
    redis.call('HINCRBY', counts, 'owner ' .. owner, 1)
    listConnections(text, connection, connection .. ' ' .. owner)
  end
  redis.call('HSET', records, connection, text)
  countLines(text, 1)
  eachTopic(text, function(key) redis.call('ZADD', key, 0, connection) end)
end

-- The record, if this owner has it.
local function owned(owner, connection)
  local text = redis.call('HGET', records, connection)
  if text and ownerOf(text) == owner then return text end
end
