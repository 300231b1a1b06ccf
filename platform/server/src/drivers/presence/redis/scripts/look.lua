-- Says whether an app still knows an owner, and which server has the app.
-- KEYS[1]  base of the app's keys
-- ARGV[1]  the owner
-- OUTPUT   {known, server}: 1 or 0, and what is another text after each start of a server
local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or ''
return { redis.call('HEXISTS', counts, 'owner ' .. ARGV[1]), server }
