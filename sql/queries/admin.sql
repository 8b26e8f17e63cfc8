-- The operator's page.  The functions see rows of every account and want an
-- administrator's (migration "admin").

-- name: signin_make
-- $1 hash, $2 id of a new administrator if there is none, $3 minutes
SELECT signin_make($1, $2::uuid, $3::int) AS account

-- name: signin_valid
SELECT signin_valid($1) AS valid

-- name: signin_take
-- $1 hash of the link's token, $2 hash of the session's, $3 days
SELECT signin_take($1, $2, $3::int) AS account

-- name: admin_lanes
SELECT a.lane, a.waiting, a.delayed, a.active, a.completed, a.failed, a.canceled, a.oldest, a.hour
FROM admin_lanes() a

-- name: admin_hosts
-- the lane that counts hosts, in the same columns
SELECT 'analyze' AS lane,
       count(*) FILTER (WHERE state = 'pending') AS waiting, 0 AS delayed,
       count(*) FILTER (WHERE state = 'counting') AS active,
       count(*) FILTER (WHERE state = 'done') AS completed,
       count(*) FILTER (WHERE state = 'failed') AS failed, 0 AS canceled,
       extract(epoch FROM now() - min(requested_at) FILTER (WHERE state = 'pending'))::float8 AS oldest,
       count(*) FILTER (WHERE state = 'done' AND counted_at > now() - interval '1 hour') AS hour
FROM hosts

-- name: admin_lane_rows
-- what the operator or a quota says of lanes
SELECT name, paused AND coalesce(paused_until > now(), true) AS stopped, reason, parallel, per_minute,
       to_char(paused_until, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS until
FROM lanes

-- name: admin_workers
SELECT host, pid, slots, age, active,
       to_char(started_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS started
FROM admin_workers()

-- name: admin_probes
SELECT provider, state, good, why,
       to_char(done_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS done
FROM probes

-- name: admin_failures
-- $1 how many
SELECT id, type, provider, prompt, hostname, error,
       to_char(completed_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ended
FROM admin_failures($1::int)

-- name: admin_again
-- $1 one or NULL, $2 lane or NULL, $3 how many
SELECT * FROM admin_again($1::uuid, $2, $3::int)

-- name: admin_empty
-- $1 lane, $2 how many
SELECT * FROM admin_empty($1, $2::int)

-- name: admin_clean
-- $1 status, $2 days since its end, $3 how many
SELECT * FROM admin_clean($1, $2::int, $3::int)

-- name: admin_count
-- $1 status, $2 lane or NULL, $3 days since its end
SELECT admin_count($1, $2, $3::int) AS n

-- name: admin_lane
-- $1 lane, $2 stop, $3 why
SELECT admin_lane($1, $2::bool, $3)

-- name: admin_limit
-- $1 lane, $2 "parallel" or "per_minute", $3 the number or NULL
SELECT admin_limit($1, $2, $3::int)

-- name: admin_probe
SELECT admin_probe($1)

-- ---- the worker's side of a test -------------------------------------------

-- name: probe_due
SELECT provider FROM probes
WHERE state = 'pending' OR (state = 'running' AND lease_until < now())

-- name: probe_claim
-- $1 provider, $2 seconds it may take
UPDATE probes SET state = 'running', attempt = attempt + 1,
       lease_until = now() + make_interval(secs => $2::int)
WHERE provider = $1 AND (state = 'pending' OR (state = 'running' AND lease_until < now()))
RETURNING attempt

-- name: probe_finish
-- $1 provider, $2 attempt, $3 whether all is well, $4 the sentence
UPDATE probes SET state = 'done', good = $3::bool, why = $4, done_at = now(), lease_until = NULL
WHERE provider = $1 AND attempt = $2::int AND state = 'running'
RETURNING provider

-- name: probe_hand_back
-- $1 provider, $2 attempt
UPDATE probes SET state = 'pending', lease_until = NULL
WHERE provider = $1 AND attempt = $2::int AND state = 'running'
RETURNING provider
