-- Gives back what was popped: to the front, at no cost to its account, and
-- nobody is woken for it.
-- KEYS: lane:{p} lane:{p}:vt lane:{p}:owner
-- ARGV: id, account
local vt = tonumber(redis.call('GET', KEYS[2]) or '0')
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
return redis.call('ZADD', KEYS[1], 'NX', string.format('%.17g', vt), ARGV[1])
