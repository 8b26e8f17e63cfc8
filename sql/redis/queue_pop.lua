-- Takes the next id of a lane; false when it is empty or paused.
-- KEYS: lane:{p} lane:{p}:vt lane:{p}:tags lane:{p}:owner lane:{p}:paused
if redis.call('EXISTS', KEYS[5]) == 1 then
	return false
end
local first = redis.call('ZPOPMIN', KEYS[1])
if #first == 0 then
	-- Nothing waits: start the lane's virtual time afresh.
	redis.call('DEL', KEYS[2], KEYS[3])
	return false
end
redis.call('SET', KEYS[2], first[2])
local account = redis.call('HGET', KEYS[4], first[1])
redis.call('HDEL', KEYS[4], first[1])
-- A tag that is not ahead of the lane says nothing.
if account then
	local tag = tonumber(redis.call('HGET', KEYS[3], account) or '0')
	if tag <= tonumber(first[2]) then
		redis.call('HDEL', KEYS[3], account)
	end
end
return first[1]
