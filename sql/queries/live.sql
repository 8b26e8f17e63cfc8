-- What the sidecar tells a new listener: the present state of generations of
-- the account that is set.  Both answer the same columns.

-- name: live_present_some
-- $1 ids, $2 largest content in bytes; the first file of a result is the one
-- that is shown, and only text can be a string of JSON
SELECT g.id, g.account_id, g.type, g.status, g.prompt, g.hostname, g.processed, g.total,
       g.stage, g.message, g.error, g.entries_count, g.tokens_used, g.attempt, g.revision, g.result,
       g.announced, (extract(epoch FROM g.updated_at) * 1000)::bigint AS updated_ms,
       CASE WHEN g.status = 'completed' THEN
	       (SELECT a.body FROM artifacts a
	        WHERE a.generation_id = g.id
	          AND a.name = coalesce(g.result->'artifacts'->>0, 'llms.txt')
	          AND a.mime LIKE 'text/%'
	          AND length(a.body) <= $2::int) END AS content
FROM generations g
WHERE g.id = ANY ($1::uuid[])
ORDER BY g.id DESC

-- name: live_present_all
-- the newest, and those that are not over
WITH ids AS (
	(SELECT id FROM generations ORDER BY id DESC LIMIT 100)
	UNION
	(SELECT id FROM generations
	 WHERE status IN ('pending_payment', 'pending', 'processing')
	 ORDER BY id DESC LIMIT 400)
)
SELECT g.id, g.account_id, g.type, g.status, g.prompt, g.hostname, g.processed, g.total,
       g.stage, g.message, g.error, g.entries_count, g.tokens_used, g.attempt, g.revision, g.result,
       g.announced, (extract(epoch FROM g.updated_at) * 1000)::bigint AS updated_ms,
       NULL::bytea AS content
FROM ids JOIN generations g USING (id)
ORDER BY g.id DESC
