-- How many URLs a host has.

-- name: host_show
SELECT hostname, state, urls_count, detail, error,
       extract(epoch FROM now() - coalesce(counted_at, requested_at))::bigint AS age_seconds
FROM hosts WHERE hostname = $1

-- name: host_request
-- asks for a count unless one is under way or younger than $2 seconds; a row
-- comes back when it must be queued
INSERT INTO hosts (hostname) VALUES ($1)
ON CONFLICT (hostname) DO UPDATE
SET state = 'pending', requested_at = now(), crashes = 0
WHERE hosts.state IN ('done', 'failed')
  AND hosts.counted_at < now() - make_interval(secs => $2::int)
RETURNING hostname
