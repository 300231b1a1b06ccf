-- Keeps what became of a run. Of a run that was taken over by another worker it keeps nothing.
-- KEYS[1]  base of the keys of the queue
-- KEYS[2]  tickets that wait
-- ARGV[1]  the ticket
-- ARGV[2]  the token of the run
-- ARGV[3]  done; later: the job is to run again; released: it has not begun
-- ARGV[4]  id
-- ARGV     for later: app, user, payload, attempts that count, addedAt, delay in ms
-- OUTPUT   jobs that are due and have no worker, tickets that wait
local ticket, token, outcome, id = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local now = now_ms()
fall_due(now)
local job = redis.call('HMGET', key('job:' .. id), 'run', 'app', 'user')
local is_mine = job[1] == token
-- Redis has lost it, for the id of a job that another worker has done is remembered.
local is_lost = not job[2] and redis.call('EXISTS', key('seen:' .. id)) == 0

if is_mine then
  redis.call('HDEL', key('tickets'), ticket)
  redis.call('HDEL', key('job:' .. id), 'run')
  count('active', job[2], -1)
  if outcome == 'done' then
    redis.call('DEL', key('job:' .. id))
  elseif outcome == 'released' then
    redis.call('HINCRBY', key('job:' .. id), 'attempt', -1)
    put_in_lane(id, job[2], job[3], 'LPUSH')
  end
end
if outcome == 'later' and (is_mine or is_lost) then
  redis.call('HSET', key('job:' .. id), 'app', ARGV[5], 'user', ARGV[6], 'payload', ARGV[7], 'attempt', ARGV[8],
    'addedAt', ARGV[9])
  delay(id, ARGV[5], now + ARGV[10])
end
return { counted('waiting'), redis.call('LLEN', KEYS[2]) }
