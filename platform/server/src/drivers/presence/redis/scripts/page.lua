-- Reads records of some owners in the order of their ids. The ids of each owner are read a few at a time and
-- merged, so that it costs the answer and the number of owners.
-- KEYS[1]  base of the app's keys
-- ARGV[1]  the id after which to begin; empty for the first
-- ARGV[2]  how many at most
-- ARGV[i]  an owner, for i from 3 on
-- OUTPUT   the texts of the records
local limit = tonumber(ARGV[2])
local atOnce = math.min(limit, 50)

-- The next ids of a run: of one owner, from where it is on.
local function read(run)
  local from = run.last == '' and '-' or '(' .. run.last
  run.ids = redis.call('ZRANGE', run.key, from, '+', 'BYLEX', 'LIMIT', 0, atOnce)
  run.place = 1
  run.last = run.ids[#run.ids]
  return run.last ~= nil
end

-- A heap of runs, the one with the least id first. All ids have one shape, so that they compare alike
-- everywhere, whatever the server's locale.
local heap = {}
local function id(place) return heap[place].ids[heap[place].place] end
local function sink(place)
  while true do
    local least = place
    for child = 2 * place, math.min(2 * place + 1, #heap) do
      if id(child) < id(least) then least = child end
    end
    if least == place then return end
    heap[place], heap[least] = heap[least], heap[place]
    place = least
  end
end

for i = 3, #ARGV do
  local run = { key = idsOf(ARGV[i]), last = ARGV[1] }
  if read(run) then heap[#heap + 1] = run end
end
for place = math.floor(#heap / 2), 1, -1 do sink(place) end

local texts = {}
while #heap > 0 and #texts < limit do
  local run = heap[1]
  local text = redis.call('HGET', records, run.ids[run.place])
  if text then texts[#texts + 1] = text end
  run.place = run.place + 1
  if run.place > #run.ids and not read(run) then
    heap[1] = heap[#heap]
    heap[#heap] = nil
  end
  if #heap > 0 then sink(1) end
end
return texts
