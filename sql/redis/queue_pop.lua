-- Takes the next id of a lane; false when it is empty or paused, or holds
-- nothing but ids of the accounts that are to be passed over.
-- KEYS: lane:{p} lane:{p}:vt lane:{p}:tags lane:{p}:owner lane:{p}:paused
-- ARGV: accounts to be passed over, if any; the first hundred are looked at
if redis.call('EXISTS', KEYS[5]) == 1 then
	return false
end
local waiting = redis.call('ZRANGE', KEYS[1], 0, #ARGV == 0 and 0 or 99, 'WITHSCORES')
if #waiting == 0 then
	-- Nothing waits: start the lane's virtual time afresh.
	redis.call('DEL', KEYS[2], KEYS[3])
	return false
end
local over = {}
for _, account in ipairs(ARGV) do
	over[account] = true
end
local id, score, account
for i = 1, #waiting, 2 do
	account = redis.call('HGET', KEYS[4], waiting[i])
	if not over[account or ''] then
		id, score = waiting[i], waiting[i + 1]
		break
	end
end
if not id then
	return false
end
redis.call('ZREM', KEYS[1], id)
redis.call('HDEL', KEYS[4], id)
-- What was passed over stays ahead of what comes.
if #ARGV == 0 then
	redis.call('SET', KEYS[2], score)
end
-- A tag that is not ahead of the lane says nothing.
if account then
	local tag = tonumber(redis.call('HGET', KEYS[3], account) or '0')
	if tag <= tonumber(redis.call('GET', KEYS[2]) or '0') then
		redis.call('HDEL', KEYS[3], account)
	end
end
return id
