-- The jobs of one queue and whose turn is next; in front of each of its scripts. All keys are in one slot.
-- KEYS[1]  base of the keys of the queue:
--   job:<id>             hash: app, user, payload, attempt, addedAt; run is the token of its run, while it runs
--   seen:<id>            there for a day after the id was first added
--   delayed              zset: id of a job -> when it falls due, ms since the epoch by the clock of Redis
--   lane:<owner>         list: ids of the due jobs of one user of one app, first due first; an owner is app, \n, user
--   users:<app>          zset: users with due jobs -> their last turn
--   apps                 zset: apps with due jobs -> their last turn
--   turns, turn          zset: app or owner -> its last turn, for those served last; the number of the last turn
--   tickets              hash: ticket -> id of the job that runs under it
--   counts               hash: waiting, delayed, active -> jobs in this state; with a blank and an app, of that app
local base = KEYS[1]

-- Those served longest ago are forgotten: they come first, as those who never were.
local remembered = 20000
-- Jobs that fall due in one call.
local most_at_once = 500

local function key(name) return base .. name end

local function owner_of(app, user) return app .. '\n' .. user end

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function count(state, app, by)
  redis.call('HINCRBY', key('counts'), state, by)
  local field = state .. ' ' .. app
  if redis.call('HINCRBY', key('counts'), field, by) == 0 then redis.call('HDEL', key('counts'), field) end
end

local function counted(state) return tonumber(redis.call('HGET', key('counts'), state) or '0') end

local function last_turn(name) return redis.call('ZSCORE', key('turns'), name) or 0 end

-- The job is due: behind the others of its owner, or before them.
local function put_in_lane(id, app, user, push)
  local owner = owner_of(app, user)
  redis.call(push or 'RPUSH', key('lane:' .. owner), id)
  redis.call('ZADD', key('users:' .. app), 'NX', last_turn(owner), user)
  redis.call('ZADD', key('apps'), 'NX', last_turn(app), app)
  count('waiting', app, 1)
end

local function delay(id, app, due)
  redis.call('ZADD', key('delayed'), due, id)
  count('delayed', app, 1)
end

-- Puts jobs that have fallen due into their lanes.
local function fall_due(now)
  local ids = redis.call('ZRANGEBYSCORE', key('delayed'), '-inf', now, 'LIMIT', 0, most_at_once)
  for _, id in ipairs(ids) do
    redis.call('ZREM', key('delayed'), id)
    local job = redis.call('HMGET', key('job:' .. id), 'app', 'user')
    if job[1] then
      count('delayed', job[1], -1)
      put_in_lane(id, job[1], job[2])
    end
  end
end

-- They had their turn now.
local function served(app, user)
  local turn = redis.call('INCR', key('turn'))
  redis.call('ZADD', key('turns'), turn, app, turn, owner_of(app, user))
  local extra = redis.call('ZCARD', key('turns')) - remembered
  if extra > 0 then redis.call('ZREMRANGEBYRANK', key('turns'), 0, extra - 1) end
  redis.call('ZADD', key('apps'), 'XX', turn, app)
  redis.call('ZADD', key('users:' .. app), 'XX', turn, user)
end

-- Takes the first job out of a lane.
local function take_from_lane(app, user)
  local lane = key('lane:' .. owner_of(app, user))
  local id = redis.call('LPOP', lane)
  if redis.call('EXISTS', lane) == 0 then redis.call('ZREM', key('users:' .. app), user) end
  if redis.call('EXISTS', key('users:' .. app)) == 0 then redis.call('ZREM', key('apps'), app) end
  count('waiting', app, -1)
  served(app, user)
  return id
end
