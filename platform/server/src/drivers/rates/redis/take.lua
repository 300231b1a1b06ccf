-- Takes one of each rate, or none when one of them is used up. A window is a key that ends with it.
-- KEYS[i]      the window of rate i: how many were taken
-- ARGV[1]      1 to take, 0 to look only
-- ARGV[2i]     how many rate i grants in a window
-- ARGV[2i+1]   how long a window of rate i lasts, ms
-- OUTPUT       {0, 0} when all are granted; or {i, ms} of the first that is used up: when its window ends
for i, key in ipairs(KEYS) do
  local taken = tonumber(redis.call('GET', key) or '0')
  if taken >= tonumber(ARGV[2 * i]) then
    local left = redis.call('PTTL', key)
    if left < 0 then left = tonumber(ARGV[2 * i + 1]) end
    return { i, math.max(left, 1) }
  end
end
if ARGV[1] == '1' then
  for i, key in ipairs(KEYS) do
    if redis.call('INCR', key) == 1 then redis.call('PEXPIRE', key, ARGV[2 * i + 1]) end
  end
end
return { 0, 0 }
