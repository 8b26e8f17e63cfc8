-- One event of a generation: stream of its account, snapshot, history, the
-- sidecars' channel, and the public channels if its status has changed, in one
-- step.
-- KEYS: stream of the account, snapshot, history, epoch
-- ARGV: proposed epoch, JSON up to the end of "metadata" (both objects left
--       open), generation, keep (0: the generation is gone), revision; and the
--       channels: the sidecars' of the account, the public ones of the account
--       and of all
-- Returns the cursor, "epoch-ms-seq".
local DAY = 86400
-- What is deleted is remembered so long: its attempt may still be telling.
local GONE = 60
-- No revision comes after it.
local LAST = '9007199254740991'
local epoch = redis.call('GET', KEYS[4])
if not epoch then
	epoch = ARGV[1]
	redis.call('SET', KEYS[4], epoch)
end
-- Somebody was slow: a later change has been told.
local told = redis.call('HMGET', KEYS[2], 'revision', 'cursor', 'public')
if told[1] and tonumber(ARGV[5]) < tonumber(told[1]) and ARGV[4] ~= '0' then
	return told[2]
end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local prev = last[1] and last[1][1] or '0-0'
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', 2000, '*',
	'g', ARGV[3], 'p', prev, 'j', ARGV[2] .. '}}')
redis.call('EXPIRE', KEYS[1], DAY)
local cursor = epoch .. '-' .. id
local json = ARGV[2] .. ',"cursor":"' .. cursor .. '","prev":"' .. epoch
	.. '-' .. prev .. '"}}'
if ARGV[4] == '0' then
	redis.call('DEL', KEYS[2], KEYS[3])
	redis.call('HSET', KEYS[2], 'cursor', cursor, 'revision', LAST)
	redis.call('EXPIRE', KEYS[2], GONE)
else
	redis.call('HSET', KEYS[2], 'cursor', cursor, 'json', json,
		'revision', ARGV[5])
	redis.call('EXPIRE', KEYS[2], DAY)
	redis.call('RPUSH', KEYS[3], json)
	redis.call('LTRIM', KEYS[3], -100, -1)
	redis.call('EXPIRE', KEYS[3], DAY)
end
redis.call('PUBLISH', ARGV[6], json)
local isProgress = ARGV[2]:find('"event":"progress"', 1, true)
if ARGV[4] == '0' or (not isProgress
	and tonumber(ARGV[5]) > tonumber(told[3] or 0)) then
	if ARGV[4] ~= '0' then
		redis.call('HSET', KEYS[2], 'public', ARGV[5])
	end
	redis.call('PUBLISH', ARGV[7], json)
	redis.call('PUBLISH', ARGV[8], json)
end
return cursor
