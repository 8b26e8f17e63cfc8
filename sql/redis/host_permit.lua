-- When a host may be asked, all jobs of all workers together: the rules of
-- core/permit.c, which says what they are for.
-- KEYS: host:{host}:permits   a hash: next, paused, cut, until, delay (us),
--       window, refusals; m:{asker} = "grant since heard"
-- ARGV: asker, in flight, wanted, window, gap us, delay us, delay known (1),
--       good answers, overloaded (1), pause us, refused s, refusals, and, for
--       tests, the time in us
-- Returns {share, starts, wait ms, gap us, renew ms, gave up s}.
local RENEW, LEASE, AHEAD, DUE = 500000, 3000000, 500000, 10000
local TURN, POLL, WAIT, CUT = 1000000, 100000, 1000000, 1000000
local ANY, KEEP = 1000000, 600000

local me = ARGV[1]
local a = {}
for i = 2, 12 do a[i] = tonumber(ARGV[i]) end
local inflight, want, most, gap, delay, known = a[2], a[3], a[4], a[5], a[6], a[7]
local good, bad, pause, refused, refusals = a[8], a[9], a[10], a[11], a[12]

local t = redis.call('TIME')
local now = tonumber(ARGV[13]) or t[1] * 1000000 + t[2]
local flat = redis.call('HGETALL', KEYS[1])
local h, members, n = {}, {}, 0
for i = 1, #flat, 2 do
	local id = string.match(flat[i], '^m:(.*)$')
	if id then
		local g, s, l = string.match(flat[i + 1], '^(%d+) (%d+) (%d+)$')
		if now - tonumber(l) > LEASE and id ~= me then
			redis.call('HDEL', KEYS[1], flat[i])
		else
			members[id] = { grant = tonumber(g), since = tonumber(s) }
			n = n + 1
			if now - tonumber(l) > LEASE then
				members[id] = { grant = 0, since = now }
			end
		end
	else
		h[flat[i]] = tonumber(flat[i + 1])
	end
end
local own = members[me]
if not own then
	own = { grant = 0, since = now }
	members[me] = own
	n = n + 1
end

local window = h.window or most
local paused, untl, count = h.paused or 0, h['until'] or 0, h.refusals or 0
local cut, nxt, told = h.cut or 0, h.next or 0, h.delay or 0
if known == 1 then
	if delay > told then nxt = math.max(nxt, now + delay) end
	told = delay
end
if good > 0 then count = 0 end
for _ = 1, math.min(good, 64) do window = window + 1 / window end
window = math.min(window, most)
if bad == 1 and now - cut >= CUT then
	cut = now
	window = math.max(1, window / 2)
end
if refused > 0 then
	if now >= paused then count = count + 1 end
	untl = now + refused * 1000000
end
if pause > 0 then paused = math.max(paused, now + pause) end

local share, starts, wait, gave = 0, 0, 0, 0
if refusals > 0 and count >= refusals and untl > now then
	gave = math.floor((untl - now) / 1000000) + 1
	share = inflight
end
if gave > 0 or (want == 0 and inflight == 0) then
	gap = 0
	redis.call('HDEL', KEYS[1], 'm:' .. me)
else
	if known ~= 1 then delay = math.max(delay, told) end
	local delayed = delay > 0
	gap = math.max(gap, delay)
	local limit = (delayed or count > 0) and 1 or math.floor(window)
	local at = math.max(now, nxt, paused)
	local others, waiting, earlier = 0, 0, 0
	for id, m in pairs(members) do
		if id ~= me then
			others = others + m.grant
			if m.grant == 0 then
				waiting = waiting + 1
				if m.since < own.since then earlier = earlier + 1 end
			end
		end
	end
	local ahead = delayed and DUE or AHEAD
	local had = own.grant > 0
	local mine = math.min(math.max(1, math.floor(limit / n)), limit - others)
	if not had and (limit - others - earlier < 1 or at - now > ahead) then
		mine = 0
	end
	if had and waiting > 0 and n > limit
		and (delayed or now - own.since >= TURN) then
		mine = 0
	end
	mine = math.max(mine, inflight)
	if had ~= (mine > 0) then own.since = now end
	own.grant = mine
	share = mine
	wait = at - now
	local full = mine <= inflight and (mine == 0 or gap > 0)
	if wait > ahead or full or want == 0 then
		if wait <= ahead then
			wait = POLL
		elseif not delayed then
			wait = wait - ahead
		end
		wait = math.min(wait, WAIT)
	elseif gap == 0 then
		starts = ANY
	else
		starts = 1
		if not delayed then
			starts = math.floor((math.floor((ahead - wait) / gap) + 1) / n)
			starts = math.max(1, math.min(starts, want))
		end
		nxt = at + starts * gap
	end
	redis.call('HSET', KEYS[1], 'm:' .. me,
		string.format('%d %.0f %.0f', mine, own.since, now))
end
redis.call('HSET', KEYS[1], 'next', string.format('%.0f', nxt),
	'paused', string.format('%.0f', paused), 'cut', string.format('%.0f', cut),
	'until', string.format('%.0f', untl), 'delay', string.format('%.0f', told),
	'window', string.format('%.17g', window), 'refusals', count)
-- What it asked for holds for as long as it asked for it, a day at most.
local keep = math.max(KEEP, math.min(86400000,
	(math.max(nxt, paused, untl) - now) / 1000 + 1000))
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', keep))
return { share, starts, math.ceil(wait / 1000), gap, RENEW / 1000, gave }
