-- Generations as their owner sees them (web and live processes).

-- name: generation_create
-- $1 id, $2 account, $3 type, $4 provider, $5 input, $6 prompt, $7 hostname, $8 price
INSERT INTO generations (id, account_id, type, provider, input, prompt, hostname, price)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::int)
RETURNING *

-- name: generation_open_count
SELECT count(*) AS n FROM generations
WHERE account_id = $1 AND status IN ('pending', 'processing')

-- name: generation_show
SELECT *, to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_text,
       to_char(updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS updated_text,
       to_char(started_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS started_text,
       to_char(completed_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS completed_text
FROM generations WHERE id = $1

-- name: generation_previous
-- $1 id: the last one before it that its account completed for the same host
SELECT p.id, to_char(p.completed_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS completed_text
FROM generations g
JOIN generations p ON p.account_id = g.account_id AND p.type = g.type AND p.hostname = g.hostname
WHERE g.id = $1 AND g.status = 'completed' AND p.status = 'completed'
  AND (p.completed_at, p.id) < (g.completed_at, g.id)
ORDER BY p.completed_at DESC, p.id DESC LIMIT 1

-- name: generation_list
-- $1 account, $2 status, $3 type, $4 from, $5 to (each may be NULL), $6 limit, $7 offset, $8 after (id);
-- times are compared as they are shown, to the millisecond
SELECT *, to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_text,
       to_char(updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS updated_text,
       to_char(started_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS started_text,
       to_char(completed_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS completed_text
FROM generations
WHERE account_id = $1
  AND ($2::text IS NULL OR status::text = $2)
  AND ($3::text IS NULL OR type = $3)
  AND ($4::timestamptz IS NULL OR date_trunc('milliseconds', created_at) >= $4::timestamptz)
  AND ($5::timestamptz IS NULL OR date_trunc('milliseconds', created_at) <= $5::timestamptz)
  AND ($8::uuid IS NULL OR id < $8::uuid)
ORDER BY id DESC LIMIT $6::int OFFSET $7::int

-- name: generation_count
-- the same filters as generation_list
SELECT count(*) AS total FROM generations
WHERE account_id = $1
  AND ($2::text IS NULL OR status::text = $2)
  AND ($3::text IS NULL OR type = $3)
  AND ($4::timestamptz IS NULL OR date_trunc('milliseconds', created_at) >= $4::timestamptz)
  AND ($5::timestamptz IS NULL OR date_trunc('milliseconds', created_at) <= $5::timestamptz)

-- name: generation_history
SELECT status, attempt, actor, reason,
       to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at
FROM status_history WHERE generation_id = $1 ORDER BY id

-- name: generation_cancel
-- no row: it is not in a status that can be canceled
UPDATE generations SET status = 'canceled'
WHERE id = $1 AND status IN ('pending_payment', 'pending', 'processing') RETURNING *

-- name: generation_again
-- by its owner, after it failed or was canceled: a fresh count of tries
UPDATE generations
SET status = 'pending', failures = 0, crashes = 0, run_after = now(), error = NULL,
    processed = 0, total = 0, stage = '', message = '', started_at = NULL,
    entries_count = NULL, result = NULL
WHERE id = $1 AND status IN ('failed', 'canceled') RETURNING *

-- name: generation_delete
DELETE FROM generations WHERE id = $1 RETURNING id, provider, type, status

-- name: generation_announced
-- $1 id, $2 revision whose event went out; a crash that forgets it tells
-- twice, so nobody waits for the disk
WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE generations SET announced = true FROM quick WHERE id = $1 AND revision = $2::int

-- name: artifact_list
SELECT name, mime, partial, length(body) AS size, encode(sha256, 'hex') AS sha256,
       to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS created_text
FROM artifacts WHERE generation_id = $1 ORDER BY name

-- name: artifact_head
-- $1 generation, $2 name: all but the bytes
SELECT name, mime, partial, length(body) AS size, encode(sha256, 'hex') AS sha256
FROM artifacts WHERE generation_id = $1 AND name = $2

-- name: artifact_slice
-- $1 generation, $2 name, $3 hash (hex), $4 first byte from 1, $5 bytes; no row
-- when it was replaced since the hash was read
SELECT substring(body FROM $4::int FOR $5::int) AS body
FROM artifacts
WHERE generation_id = $1 AND name = $2 AND sha256 = decode($3, 'hex')

-- name: lane_stats
-- $1 lane, $2 type
SELECT p50, p90, unit_p50, samples, active FROM lane_stats($1, $2)

-- name: running
-- $1 account: what runs now, of all accounts, the oldest first
SELECT since, remaining, mine FROM running($1::uuid)

-- name: worker_slots
-- how many slots all living workers have
SELECT coalesce(sum(slots), 0) AS slots, count(*) AS workers FROM workers WHERE seen_at > now() - interval '30 seconds'

-- name: worker_heartbeat
-- how long ago the last living worker was heard, in seconds; NULL: there is none
SELECT extract(epoch FROM now() - max(seen_at))::float8 AS age, count(*) AS workers
FROM workers
