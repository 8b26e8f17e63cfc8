-- Puts back what a lane should hold; an id that is there stays put.  One that
-- had its turn before (again = 1) goes to the front and costs its account
-- nothing; the others queue as in queue_push.
-- KEYS: lane:{p} lane:{p}:vt lane:{p}:tags lane:{p}:owner
-- ARGV: lane, then "id account again" for each, all joined by blanks, channel of
--       wake-ups
-- Returns how many were missing.
local vt = tonumber(redis.call('GET', KEYS[2]) or '0')
local added = 0
for id, account, again in ARGV[2]:gmatch('(%S+) (%S+) ([01])') do
	if not redis.call('ZSCORE', KEYS[1], id) then
		local start = vt
		if again == '0' then
			local tag = tonumber(redis.call('HGET', KEYS[3], account) or '0')
			start = math.max(vt, tag)
			redis.call('HSET', KEYS[3], account, string.format('%.17g', start + 1))
		end
		redis.call('ZADD', KEYS[1], string.format('%.17g', start), id)
		redis.call('HSET', KEYS[4], id, account)
		added = added + 1
	end
end
if added > 0 then
	redis.call('PUBLISH', ARGV[3], ARGV[1])
end
return added
