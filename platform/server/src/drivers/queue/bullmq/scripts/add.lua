-- Adds jobs, all or none. An id that was added less than a day ago, or whose job is to be done still, is passed over.
-- KEYS[1]  base of the keys of the queue
-- KEYS[2]  tickets that wait
-- ARGV[1]  the wall clock of the caller, ms since the epoch
-- ARGV[2]  how long an id is remembered, ms
-- ARGV     for each job: id, app, user, payload, delay in ms
-- OUTPUT   jobs that are due and have no worker, tickets that wait
local now = now_ms()
fall_due(now)
for i = 3, #ARGV, 5 do
  local id, app, user, delay_ms = ARGV[i], ARGV[i + 1], ARGV[i + 2], tonumber(ARGV[i + 4])
  local known = redis.call('EXISTS', key('job:' .. id), key('seen:' .. id)) > 0
  if not known then
    redis.call('SET', key('seen:' .. id), '', 'PX', ARGV[2])
    redis.call('HSET', key('job:' .. id), 'app', app, 'user', user, 'payload', ARGV[i + 3], 'attempt', 0,
      'addedAt', ARGV[1])
    if delay_ms > 0 then
      delay(id, app, now + delay_ms)
    else
      put_in_lane(id, app, user)
    end
  end
end
return { counted('waiting'), redis.call('LLEN', KEYS[2]) }
