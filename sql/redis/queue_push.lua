-- Adds to a lane by start-time fair queuing: an account's next start is after
-- its last, but never before what the lane serves now.
-- KEYS: lane:{p} lane:{p}:vt lane:{p}:tags lane:{p}:owner
-- ARGV: id, account, cost, lane, channel of wake-ups
-- Returns the position, 1 is next.  An id already in the lane stays put.
local vt = tonumber(redis.call('GET', KEYS[2]) or '0')
local tag = tonumber(redis.call('HGET', KEYS[3], ARGV[2]) or '0')
local start = math.max(vt, tag)
if redis.call('ZADD', KEYS[1], 'NX', string.format('%.17g', start), ARGV[1]) == 1 then
	redis.call('HSET', KEYS[3], ARGV[2], string.format('%.17g', start + tonumber(ARGV[3])))
	redis.call('HSET', KEYS[4], ARGV[1], ARGV[2])
end
redis.call('PUBLISH', ARGV[5], ARGV[4])
return redis.call('ZRANK', KEYS[1], ARGV[1]) + 1
