-- Where an account's events stand, and the last event of some generations, at
-- one moment.
-- KEYS: platen:epoch events:user:{account} job:{id}...
-- ARGV: proposed epoch
-- Returns {epoch, last id, {JSON or false, ...}}.
local epoch = redis.call('GET', KEYS[1])
if not epoch then
	epoch = ARGV[1]
	redis.call('SET', KEYS[1], epoch)
end
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
local jobs = {}
for i = 3, #KEYS do
	jobs[i - 2] = redis.call('HGET', KEYS[i], 'json')
end
return {epoch, last[1] and last[1][1] or '0-0', jobs}
