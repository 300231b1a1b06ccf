-- Gives each ticket a job to run: the one that it was given before, when its worker died, or the next in turn.
-- KEYS[1]  base of the keys of the queue
-- KEYS[2]  tickets that wait
-- ARGV[1]  jobs that this process runs side by side at most
-- ARGV[2]  number of owners whose jobs it runs now
-- ARGV     for each of them: app, user, number of jobs
-- ARGV     for each ticket: its id, the token of the run
-- OUTPUT   jobs that are due and have no worker; tickets that wait; 1 if this process may run one more of those jobs;
--          ms until the next delayed job falls due, -1 without one; then for each ticket an array of id, app, user, payload, attempt, addedAt, or an empty one
local slots = tonumber(ARGV[1])
local held, held_by = 0, {}

local function hold(app, user, jobs)
  held = held + jobs
  held_by[app] = (held_by[app] or 0) + jobs
  local owner = owner_of(app, user)
  held_by[owner] = (held_by[owner] or 0) + jobs
end

-- As concurrency/share.ts has it.
local function may_hold_more(has, free) return free > 0 and (has == 0 or has < free) end

local function room_for(has, free)
  if not may_hold_more(has, free) then return 0 end
  return math.max(1, math.ceil((free - has) / 2))
end

-- Of the users of an app with due jobs the one served longest ago who may have one more.
local function next_user(app, room)
  for _, user in ipairs(redis.call('ZRANGE', key('users:' .. app), 0, slots)) do
    if user == '' or may_hold_more(held_by[owner_of(app, user)] or 0, room) then return user end
  end
end

-- Only those who hold a job can be passed over, so more than `slots` are never looked at.
local function next_owner()
  local free = slots - held
  if free <= 0 then return end
  for _, app in ipairs(redis.call('ZRANGE', key('apps'), 0, slots)) do
    local has = held_by[app] or 0
    local user = may_hold_more(has, free) and next_user(app, room_for(has, free))
    if user then return app, user end
  end
end

local function job_of(id)
  local job = redis.call('HMGET', key('job:' .. id), 'app', 'user', 'payload', 'attempt', 'addedAt', 'run')
  if job[1] then return job end
end

local function begin(ticket, token)
  local id = redis.call('HGET', key('tickets'), ticket)
  local job = id and job_of(id)
  if not job then
    local app, user = next_owner()
    if not app then return {} end
    id = take_from_lane(app, user)
    job = job_of(id)
    redis.call('HSET', key('tickets'), ticket, id)
    count('active', app, 1)
  end
  hold(job[1], job[2], 1)
  -- The same run asks again when it got no answer.
  if job[6] ~= token then
    job[4] = redis.call('HINCRBY', key('job:' .. id), 'attempt', 1)
    redis.call('HSET', key('job:' .. id), 'run', token)
  end
  return { id, job[1], job[2], job[3], tonumber(job[4]), tonumber(job[5]) }
end

local now = now_ms()
fall_due(now)
local at = 3
for _ = 1, tonumber(ARGV[2]) do
  hold(ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2]))
  at = at + 3
end
local given = {}
for i = at, #ARGV, 2 do given[#given + 1] = begin(ARGV[i], ARGV[i + 1]) end
local next_due = redis.call('ZRANGE', key('delayed'), 0, 0, 'WITHSCORES')[2]
local next_in = next_due and math.max(tonumber(next_due) - now, 0) or -1
return { counted('waiting'), redis.call('LLEN', KEYS[2]), next_owner() and 1 or 0, next_in, unpack(given) }
