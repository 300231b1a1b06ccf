-- Counts jobs.
-- KEYS[1]  base of the keys of the queue
-- ARGV[1]  empty for those of all apps, or a blank and an app
-- OUTPUT   jobs that wait, that are delayed, that run
fall_due(now_ms())
return { counted('waiting' .. ARGV[1]), counted('delayed' .. ARGV[1]), counted('active' .. ARGV[1]) }
