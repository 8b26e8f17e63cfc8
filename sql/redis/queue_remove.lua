-- Removes an id from a lane, wherever it stands.  Its account gets back what the
-- place cost: who cancels a thousand does not wait as if they had been run.
-- KEYS: lane:{p} lane:{p}:vt lane:{p}:tags lane:{p}:owner
-- ARGV: id, cost
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
local account = redis.call('HGET', KEYS[4], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then
	return 0
end
local vt = tonumber(redis.call('GET', KEYS[2]) or '0')
local tag = account and redis.call('HGET', KEYS[3], account)
-- What was given back to the front of the lane had cost nothing.
if tag and tonumber(score) >= vt then
	redis.call('HSET', KEYS[3], account, string.format('%.17g', tag - tonumber(ARGV[2])))
end
return 1
