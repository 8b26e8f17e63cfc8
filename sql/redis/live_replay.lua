-- The events of an account after a cursor, as one listener wants them.
-- KEYS: platen:epoch events:user:{account}
-- ARGV: proposed epoch, id after which ("ms-seq"; "$": only say where the
--       stream stands), most events returned, number of events past which
--       progress collapses to the last of each generation, "all" or "some",
--       "everything" or "changes" (no progress), then generations: those left
--       out of "all", or those in "some"
-- Returns {epoch, last id, complete (1: nothing after the id is lost), number
-- of events to tell, id up to which this answer goes, {id, prev, JSON, ...}}.
local epoch = redis.call('GET', KEYS[1])
if not epoch then
	epoch = ARGV[1]
	redis.call('SET', KEYS[1], epoch)
end
local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
local last = newest and newest[1] or '0-0'
local after, page, collapse = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
if after == '$' or after == last then
	return {epoch, last, 1, 0, last, {}}
end

local function above(a, b)
	local am, as = a:match('^(%d+)-(%d+)$')
	local bm, bs = b:match('^(%d+)-(%d+)$')
	am, as, bm, bs = tonumber(am), tonumber(as), tonumber(bm), tonumber(bs)
	return am > bm or (am == bm and as > bs)
end

-- Fields of an entry are g (generation), p (id before it), j (JSON).
local function field(entry, name)
	for i = 1, #entry[2], 2 do
		if entry[2][i] == name then
			return entry[2][i + 1]
		end
	end
end

local lost = {epoch, last, 0, 0, last, {}}
if above(after, last) then
	return lost
end
local oldest = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
if above(oldest[1], after) then
	-- What was before the oldest is gone: was there anything after the id?
	local before = field(oldest, 'p')
	if above(before, after) or (before == '0-0' and after ~= '0-0') then
		return lost
	end
end

local named = {}
for i = 7, #ARGV do
	named[ARGV[i]] = true
end
local all = ARGV[5] == 'all'
local changes = ARGV[6] == 'changes'
local function isProgress(entry)
	return field(entry, 'j'):find('"event":"progress"', 1, true)
end
local entries = redis.call('XRANGE', KEYS[2], '(' .. after, '+')
local wanted = {}
for _, e in ipairs(entries) do
	if (named[field(e, 'g')] or false) ~= all
		and not (changes and isProgress(e)) then
		wanted[#wanted + 1] = e
	end
end
if #wanted > collapse then
	local later, kept = {}, {}
	for i = #wanted, 1, -1 do
		local e = wanted[i]
		local g = field(e, 'g')
		local progress = isProgress(e)
		if not (progress and later[g]) then
			kept[#kept + 1] = e
		end
		later[g] = later[g] or progress
	end
	wanted = {}
	for i = #kept, 1, -1 do
		wanted[#wanted + 1] = kept[i]
	end
end
local out, upto = {}, last
for i, e in ipairs(wanted) do
	if i > page then
		upto = wanted[i - 1][1]
		break
	end
	out[#out + 1] = e[1]
	out[#out + 1] = field(e, 'p')
	out[#out + 1] = field(e, 'j')
end
return {epoch, last, 1, #wanted, upto, out}
