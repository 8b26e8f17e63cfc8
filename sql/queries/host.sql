-- How many URLs a host has.

-- name: host_show
SELECT hostname, state, urls_count, detail, error,
       state = 'done' AND worker_id IS NOT NULL AND counted_at > now() - interval '1 min' AS measuring,
       extract(epoch FROM now() - coalesce(counted_at, requested_at))::bigint AS age_seconds
FROM hosts WHERE hostname = $1

-- name: host_request
-- asks for a count unless one is under way or younger than $2 seconds (half a
-- minute when it failed, or when a generation saw the number alone); a row
-- comes back when it must be queued
INSERT INTO hosts (hostname) VALUES ($1)
ON CONFLICT (hostname) DO UPDATE
SET state = 'pending', requested_at = now(), crashes = 0
WHERE hosts.state IN ('done', 'failed')
  AND coalesce(hosts.counted_at, hosts.requested_at) < now() - make_interval(
        secs => CASE WHEN hosts.state = 'failed' OR NOT hosts.detail ? 'paths'
                THEN least($2::int, 30) ELSE $2::int END)
RETURNING hostname
