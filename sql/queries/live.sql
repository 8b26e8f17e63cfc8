-- What the sidecar tells a new listener.

-- name: live_present
-- $1 ids, or NULL for the newest of all and those that are not over;
-- $2 largest content in bytes
SELECT g.id, g.account_id, g.type, g.status, g.prompt, g.hostname, g.processed, g.total,
       g.stage, g.message, g.error, g.entries_count, g.tokens_used, g.attempt, g.result,
       g.announced, (extract(epoch FROM g.updated_at) * 1000)::bigint AS updated_ms,
       CASE WHEN g.status = 'completed' AND $1::uuid[] IS NOT NULL THEN
	       (SELECT a.body FROM artifacts a
	        WHERE a.generation_id = g.id AND a.name = 'llms.txt'
	          AND length(a.body) <= $2::int) END AS content
FROM generations g
WHERE g.id = ANY ($1::uuid[])
   OR $1::uuid[] IS NULL AND (
	g.id IN (SELECT id FROM generations ORDER BY id DESC LIMIT 100)
	OR g.id IN (SELECT id FROM generations
	            WHERE status IN ('pending_payment', 'pending', 'processing')
	            ORDER BY id DESC LIMIT 400))
ORDER BY g.id DESC LIMIT 500
