-- The worker's own steps.  Every write of an attempt carries the fence
-- (attempt) and wants the status 'processing': no row means "too late".
-- Who and why of a change of status go to the history through app.actor and
-- app.reason, set in the same statement, so that one round trip is enough.

-- ---- membership ------------------------------------------------------------

-- name: worker_lock
SELECT pg_try_advisory_lock($1::bigint) AS got, pg_backend_pid() AS backend

-- name: worker_backend
-- another backend than the one that took the lock does not hold it
SELECT pg_backend_pid() AS backend

-- name: worker_register
-- $1 id, $2 lock key, $3 host, $4 pid, $5 slots; said again after a false alarm
INSERT INTO workers (id, lock_key, host, pid, slots)
VALUES ($1, $2::bigint, $3, $4::int, $5::int)
ON CONFLICT (id) DO UPDATE SET seen_at = now()

-- name: worker_leave
DELETE FROM workers WHERE id = $1

-- name: worker_watch
-- $1 myself: the server's clock in ms (to notice that it jumped), for how
-- long the server runs, and one row for each worker whose lock is free (id is
-- NULL where there is none)
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms,
       (extract(epoch FROM now() - pg_postmaster_start_time()) * 1000)::bigint AS up_ms,
       w.id
FROM (SELECT) AS one LEFT JOIN workers w ON w.id <> $1 AND NOT EXISTS (
	SELECT FROM pg_locks l
	WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
	  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
	  AND (l.classid::bigint << 32 | l.objid::bigint) = w.lock_key)
LIMIT 64

-- name: worker_known
-- $1 ids: those that have a row
SELECT id FROM workers WHERE id = ANY ($1::uuid[])

-- ---- a generation's attempt ------------------------------------------------

-- name: generation_claim
-- $1 id, $2 worker, $3 lease in seconds; no row too where its lane takes no
-- more just now (generation_held); with the hand edits of its host
WITH why AS MATERIALIZED (
	SELECT set_config('app.actor', 'worker', true), set_config('app.reason', 'started', true)
), lane AS MATERIALIZED (
	SELECT lane_open((SELECT provider FROM generations WHERE id = $1)) AS open
)
UPDATE generations g
SET status = 'processing', attempt = g.attempt + 1, worker_id = $2,
    lease_until = now() + make_interval(secs => $3::int),
    started_at = coalesce(g.started_at, now())
FROM why, lane
WHERE g.id = $1 AND g.status = 'pending' AND g.run_after <= now() AND lane.open
RETURNING g.*, (SELECT e.edits::text FROM llms_edits e
	WHERE e.account_id = g.account_id
	  AND e.hostname = g.hostname) AS edits

-- name: generation_held
-- $1 id: its account, if it is due, and whether its lane is open (again)
SELECT account_id, lane_open(provider) AS open FROM generations
WHERE id = $1 AND status = 'pending' AND run_after <= now()

-- name: generation_heartbeat
-- $1 worker, $2 lease in seconds, $3 ids, $4 their attempts; what comes back
-- is still ours
WITH seen AS (UPDATE workers SET seen_at = now() WHERE id = $1)
UPDATE generations g SET lease_until = now() + make_interval(secs => $2::int)
FROM unnest($3::uuid[], $4::int[]) AS j (id, attempt)
WHERE g.id = j.id AND g.attempt = j.attempt AND g.worker_id = $1 AND g.status = 'processing'
RETURNING g.id, g.attempt

-- name: lease_renew
-- $1 worker, $2 lease in seconds, $3 ids and $4 attempts of generations, $5 and
-- $6 those of hosts: a heartbeat beside a statement that takes long.  Rows that
-- are locked, by that statement perhaps, are left out: nobody takes them over.
WITH seen AS (UPDATE workers SET seen_at = now() WHERE id = $1),
mine AS MATERIALIZED (
	SELECT g.id FROM generations g, unnest($3::uuid[], $4::int[]) AS j (id, attempt)
	WHERE g.id = j.id AND g.attempt = j.attempt AND g.worker_id = $1 AND g.status = 'processing'
	FOR UPDATE OF g SKIP LOCKED
), renewed AS (
	UPDATE generations g SET lease_until = now() + make_interval(secs => $2::int)
	FROM mine WHERE g.id = mine.id
), hosts_mine AS MATERIALIZED (
	SELECT h.hostname FROM hosts h, unnest($5::text[], $6::int[]) AS j (hostname, attempt)
	WHERE h.hostname = j.hostname AND h.attempt = j.attempt AND h.worker_id = $1
	FOR UPDATE OF h SKIP LOCKED
), hosts_renewed AS (
	UPDATE hosts h SET lease_until = now() + make_interval(secs => $2::int)
	FROM hosts_mine m WHERE h.hostname = m.hostname AND h.state IN ('counting', 'done')
)
SELECT pg_backend_pid() AS backend

-- name: generation_progress
-- $1 id, $2 attempt, $3 processed, $4 total, $5 stage, $6 message
UPDATE generations SET processed = $3::int, total = $4::int, stage = $5, message = $6
WHERE id = $1 AND attempt = $2::int AND status = 'processing' RETURNING id

-- name: artifact_put
-- $1 generation, $2 attempt, $3 name, $4 mime, $5 partial, $6 sha256, $7 body
WITH mine AS (
	SELECT id, account_id FROM generations
	WHERE id = $1 AND attempt = $2::int AND status = 'processing' FOR UPDATE
)
INSERT INTO artifacts (generation_id, account_id, name, mime, partial, sha256, body)
SELECT id, account_id, $3, $4, $5::bool, $6, $7 FROM mine
ON CONFLICT (generation_id, name) DO UPDATE
SET mime = excluded.mime, partial = excluded.partial, sha256 = excluded.sha256,
    body = excluded.body, created_at = now()
RETURNING name

-- name: artifact_stage
-- a place for the pieces of a result too large for one statement; whatever
-- becomes of it, it is gone with the end of the transaction
SELECT lo_create(0) AS id

-- name: artifact_stage_add
-- $1 its id, $2 offset, $3 bytes
SELECT lo_put($1::oid, $2::bigint, $3)

-- name: artifact_stage_put
-- as artifact_put, $6 the id in place of hash and body
WITH mine AS (
	SELECT id, account_id FROM generations
	WHERE id = $1 AND attempt = $2::int AND status = 'processing' FOR UPDATE
), staged AS MATERIALIZED (SELECT lo_get($6::oid) AS body)
INSERT INTO artifacts (generation_id, account_id, name, mime, partial, sha256, body)
SELECT id, account_id, $3, $4, $5::bool, sha256(body), body FROM mine, staged
ON CONFLICT (generation_id, name) DO UPDATE
SET mime = excluded.mime, partial = excluded.partial, sha256 = excluded.sha256,
    body = excluded.body, created_at = now()
RETURNING name, lo_unlink($6::oid) AS gone

-- name: artifact_prune
-- $1 generation, $2 names: what an earlier attempt left goes
DELETE FROM artifacts WHERE generation_id = $1 AND name <> ALL ($2::text[])

-- name: generation_finish
-- $1 id, $2 attempt, $3 processed, $4 total, $5 entries, $6 result, $7 message,
-- $8 tokens or NULL; inside the transaction that put the artifacts
UPDATE generations
SET status = 'completed', processed = $3::int, total = $4::int, entries_count = $5::int,
    result = $6::jsonb, stage = 'done', message = $7, error = NULL,
    tokens_used = $8::bigint
WHERE id = $1 AND attempt = $2::int AND status = 'processing'
RETURNING *

-- name: generation_fail
-- $1 id, $2 attempt, $3 permanent, $4 tries in all, $5 ms before the next,
-- $6 the sentence: failed for good, or pending once more
WITH why AS MATERIALIZED (
	SELECT set_config('app.actor', 'worker', true), set_config('app.reason', $6, true)
), f AS (
	SELECT id, failures + 1 AS failures, $3::bool OR failures + 1 >= $4::int AS over
	FROM generations
	WHERE id = $1 AND attempt = $2::int AND status = 'processing' FOR UPDATE
)
UPDATE generations g
SET status = CASE WHEN f.over THEN 'failed' ELSE 'pending' END::generation_status,
    failures = f.failures,
    error = CASE WHEN f.over THEN $6 END,
    message = CASE WHEN f.over THEN g.message
                   ELSE 'Attempt ' || f.failures || ' failed; retrying: ' || $6 END,
    run_after = CASE WHEN f.over THEN g.run_after
                     ELSE now() + $5::bigint * interval '1 ms' END
FROM f, why
WHERE g.id = f.id
RETURNING g.*

-- name: generation_wait
-- $1 id, $2 attempt, $3 why, $4 hours: nothing is counted, it waits with its
-- lane; failed when it has waited for longer than that since it first ran
WITH why AS MATERIALIZED (
	SELECT set_config('app.actor', 'worker', true), set_config('app.reason', $3, true)
), f AS (
	SELECT id, started_at < now() - make_interval(hours => $4::int) AS over
	FROM generations
	WHERE id = $1 AND attempt = $2::int AND status = 'processing' FOR UPDATE
)
UPDATE generations g
SET status = CASE WHEN f.over THEN 'failed' ELSE 'pending' END::generation_status,
    error = CASE WHEN f.over THEN $3 END,
    message = CASE WHEN f.over THEN g.message ELSE $3 END,
    stage = CASE WHEN f.over THEN g.stage ELSE 'waiting' END,
    run_after = now()
FROM f, why
WHERE g.id = f.id
RETURNING g.*

-- name: generation_hand_back
-- $1 id, $2 attempt, $3 why: nothing is counted
WITH why AS MATERIALIZED (
	SELECT set_config('app.actor', 'worker', true), set_config('app.reason', $3, true)
)
UPDATE generations g SET status = 'pending', run_after = now()
FROM why
WHERE g.id = $1 AND g.attempt = $2::int AND g.status = 'processing'
RETURNING g.*

-- name: generation_strays
-- $1 worker, $2 the ids it runs: what is ours by name alone (a claim whose
-- answer was lost) goes back, nothing counted
WITH why AS MATERIALIZED (
	SELECT set_config('app.actor', 'worker', true),
	       set_config('app.reason', 'the start was not confirmed', true)
)
UPDATE generations g SET status = 'pending', run_after = now()
FROM why
WHERE g.worker_id = $1 AND g.status = 'processing' AND g.id <> ALL ($2::uuid[])
RETURNING g.*

-- name: generation_abandoned
-- $1 myself, $2 dead workers, $3 crashes in all, $4 whether leases count: the
-- generations of the dead, and those whose lease ran out, are pending again,
-- or failed after too many
WITH why AS MATERIALIZED (
	SELECT set_config('app.actor', 'worker', true),
	       set_config('app.reason', 'its worker stopped answering', true)
), f AS (
	SELECT id, crashes + 1 AS crashes, crashes + 1 >= $3::int AS over
	FROM generations
	WHERE status = 'processing' AND worker_id <> $1
	  AND (worker_id = ANY ($2::uuid[]) OR ($4::bool AND lease_until < now()))
	FOR UPDATE SKIP LOCKED
)
UPDATE generations g
SET status = CASE WHEN f.over THEN 'failed' ELSE 'pending' END::generation_status,
    crashes = f.crashes, run_after = now(),
    error = CASE WHEN f.over THEN 'The worker crashed ' || f.crashes
        || ' times on this file, so Platen stopped trying. Try again, or contact the administrator.' END
FROM f, why
WHERE g.id = f.id
RETURNING g.*

-- name: generation_catch_up
-- $1 id, $2 processed, $3 total and $4 revision of the last event: the row of
-- one that was taken from its worker gets what listeners know already
UPDATE generations
SET processed = least($2::bigint, 2000000000)::int,
    total = greatest(total, least($3::bigint, 2000000000)::int)
WHERE id = $1 AND status <> 'processing' AND revision = $4::bigint + 1
  AND processed < $2::bigint
RETURNING *

-- name: host_abandoned
-- $1 dead workers, $2 crashes in all: the hosts they counted
UPDATE hosts SET crashes = crashes + 1, worker_id = NULL, lease_until = NULL,
       state = CASE WHEN crashes + 1 >= $2::int THEN 'failed' ELSE 'pending' END,
       counted_at = CASE WHEN crashes + 1 >= $2::int THEN now() ELSE counted_at END,
       error = CASE WHEN crashes + 1 >= $2::int THEN
           'The worker crashed each time it counted this host. Contact the administrator.' END
WHERE state = 'counting' AND worker_id = ANY ($1::uuid[])
RETURNING hostname

-- name: worker_bury
-- $1 dead workers: those that have not come back meanwhile, and whose
-- generations were all taken over (one that was locked is taken next time)
DELETE FROM workers w
WHERE w.id = ANY ($1::uuid[])
  AND NOT EXISTS (SELECT FROM generations WHERE worker_id = w.id AND status = 'processing')
  AND NOT EXISTS (
	SELECT FROM pg_locks l
	WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
	  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
	  AND (l.classid::bigint << 32 | l.objid::bigint) = w.lock_key)
RETURNING w.id

-- ---- the sweep -------------------------------------------------------------

-- name: sweep_due
-- $1 lane, $2 time and $3 id of the last row seen ("-infinity" and the nil id
-- to start), $4 limit: what should stand in the lane
SELECT id, account_id, attempt > 0 AS again, run_after::text AS at
FROM generations
WHERE provider = $1 AND status = 'pending' AND run_after <= now()
  AND (run_after, id) > ($2::timestamptz, $3::uuid)
ORDER BY run_after, id LIMIT $4::int

-- name: sweep_retries
-- $1 lanes: tries to repeat that became due lately, or were given back
SELECT id, account_id, provider
FROM generations
WHERE provider = ANY ($1::text[]) AND status = 'pending' AND attempt > 0
  AND run_after BETWEEN now() - interval '10 s' AND now()
ORDER BY run_after LIMIT 500

-- name: sweep_next_due
-- $1 lanes: ms until the next repeated try is due; NULL when none waits
SELECT (extract(epoch FROM min(run_after) - now()) * 1000)::bigint AS ms
FROM generations
WHERE provider = ANY ($1::text[]) AND status = 'pending' AND run_after > now()

-- name: sweep_unannounced
-- $1 limit: changes of status whose event did not go out; locked until it has
SELECT * FROM generations
WHERE NOT announced AND updated_at < now() - interval '2 s'
ORDER BY updated_at LIMIT $1::int FOR UPDATE SKIP LOCKED

-- ---- counting hosts --------------------------------------------------------

-- name: host_claim
-- $1 host, $2 worker, $3 lease in seconds
UPDATE hosts
SET state = 'counting', attempt = attempt + 1, worker_id = $2, urls_count = 0, error = NULL,
    lease_until = now() + make_interval(secs => $3::int)
WHERE hostname = $1 AND state = 'pending' AND lane_open('analyze')
RETURNING hostname, attempt

-- name: host_heartbeat
-- $1 worker, $2 lease in seconds, $3 hosts, $4 their attempts
UPDATE hosts h SET lease_until = now() + make_interval(secs => $2::int)
FROM unnest($3::text[], $4::int[]) AS j (hostname, attempt)
WHERE h.hostname = j.hostname AND h.attempt = j.attempt AND h.worker_id = $1
  AND h.state IN ('counting', 'done')
RETURNING h.hostname, h.attempt

-- name: host_progress
-- $1 host, $2 attempt, $3 URLs so far
UPDATE hosts SET urls_count = $3::int
WHERE hostname = $1 AND attempt = $2::int AND state = 'counting' RETURNING hostname

-- name: host_counted
-- $1 host, $2 attempt, $3 URLs, $4 detail or NULL: all are counted, though its
-- worker goes on to measure
UPDATE hosts
SET state = 'done', urls_count = $3::int, detail = coalesce($4::jsonb, '{}'), error = NULL,
    counted_at = now(), crashes = 0
WHERE hostname = $1 AND attempt = $2::int AND state IN ('counting', 'done')
RETURNING hostname

-- name: host_finish
-- $1 host, $2 attempt, $3 URLs, $4 the sentence when it failed, or NULL, $5
-- detail or NULL
UPDATE hosts
SET state = CASE WHEN $4::text IS NULL THEN 'done' ELSE 'failed' END, urls_count = $3::int,
    error = $4, detail = coalesce($5::jsonb, detail), counted_at = now(), crashes = 0,
    worker_id = NULL, lease_until = NULL
WHERE hostname = $1 AND attempt = $2::int AND state IN ('counting', 'done')
RETURNING hostname

-- name: host_hand_back
-- $1 host, $2 attempt, $3 crashes to count (0 or 1), $4 crashes in all
UPDATE hosts
SET state = 'pending', crashes = crashes + $3::int, worker_id = NULL, lease_until = NULL
WHERE hostname = $1 AND attempt = $2::int AND state = 'counting'
  AND ($3::int = 0 OR crashes + $3::int < $4::int)
RETURNING hostname

-- name: host_strays
-- $1 myself, $2 the hosts it counts: what is ours by name alone
UPDATE hosts SET state = 'pending', worker_id = NULL, lease_until = NULL
WHERE state = 'counting' AND worker_id = $1 AND hostname <> ALL ($2::text[])
RETURNING hostname

-- name: host_lapsed
-- $1 myself: others' leases that ran out
UPDATE hosts SET state = 'pending', worker_id = NULL, lease_until = NULL
WHERE state = 'counting' AND worker_id IS DISTINCT FROM $1 AND lease_until < now()
RETURNING hostname

-- name: host_learn
-- $1 host, $2 URLs: a generation saw the whole host by the way
INSERT INTO hosts (hostname, state, urls_count, counted_at) VALUES ($1, 'done', $2::int, now())
ON CONFLICT (hostname) DO UPDATE
SET state = 'done', urls_count = excluded.urls_count, counted_at = now(), error = NULL, crashes = 0
WHERE hosts.state <> 'counting'

-- name: host_due
-- $1 limit: hosts that should stand in the lane
SELECT hostname FROM hosts WHERE state = 'pending' ORDER BY requested_at LIMIT $1::int

-- ---- caches of hosts --------------------------------------------------------

-- name: site_cache_find
-- $1 host: the newest version of its cache
SELECT version, parts FROM site_cache WHERE hostname = $1 AND part = 0
ORDER BY version DESC LIMIT 1

-- name: site_cache_part
-- $1 host, $2 version, $3 part
SELECT body FROM site_cache WHERE hostname = $1 AND version = $2 AND part = $3::int

-- name: site_cache_put
-- $1 host, $2 version, $3 part, $4 parts, $5 body
INSERT INTO site_cache (hostname, version, part, parts, body)
VALUES ($1, $2, $3::int, $4::int, $5)

-- name: site_cache_forget
-- $1 host, $2 version: all others
DELETE FROM site_cache WHERE hostname = $1 AND version <> $2

-- ---- retention -------------------------------------------------------------

-- name: retain_sessions
DELETE FROM sessions WHERE expires_at < now()

-- name: retain_site_caches
-- $1 days, $2 bytes in all: what was stored longest ago goes first
WITH host AS (
	SELECT hostname, max(stored_at) AS stored_at, sum(octet_length(body)) AS bytes
	FROM site_cache GROUP BY hostname
), kept AS (
	SELECT hostname, stored_at, sum(bytes) OVER (ORDER BY stored_at DESC, hostname) AS upto
	FROM host
)
DELETE FROM site_cache s USING kept k
WHERE s.hostname = k.hostname
  AND (k.stored_at < now() - make_interval(days => $1::int) OR k.upto > $2::bigint)

-- name: retain_guest_origins
DELETE FROM guest_origins WHERE hour < now() - interval '1 day'

-- name: retain_idempotency
-- $1 hours
DELETE FROM idempotency WHERE created_at < now() - make_interval(hours => $1::int)

-- name: retain_hosts
-- $1 days
DELETE FROM hosts
WHERE state IN ('done', 'failed')
  AND greatest(counted_at, requested_at) < now() - make_interval(days => $1::int)

-- name: retain_generations
-- $1 days, $2 limit: what ended so long ago goes with its artifacts
DELETE FROM generations WHERE id IN (
	SELECT id FROM generations
	WHERE status IN ('completed', 'failed', 'canceled')
	  AND completed_at < now() - make_interval(days => $1::int)
	LIMIT $2::int)
RETURNING id

-- name: retain_guests
-- $1 days: guests with nothing to come back to
DELETE FROM accounts a
WHERE a.kind = 'guest' AND a.seen_at < now() - make_interval(days => $1::int)
  AND NOT EXISTS (SELECT FROM generations g WHERE g.account_id = a.id)
