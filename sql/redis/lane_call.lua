-- One call of a provider's model: calls are evenly spaced (GCRA without a
-- burst), so that no minute has more of them than the limit, whoever makes
-- them.  Each asker gets a time of his own.
-- KEYS: lane:{p}:calls
-- ARGV: microseconds between two calls
-- Returns the milliseconds to wait.
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local gap = tonumber(ARGV[1])
local at = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
redis.call('SET', KEYS[1], string.format('%.0f', at + gap),
	'PX', string.format('%.0f', (at + gap - now) / 1000 + 1000))
return math.ceil((at - now) / 1000)
