-- Accounts, sessions, idempotency keys.

-- name: session_find
-- $1 hash of the token
SELECT account_id, kind, extract(epoch FROM now() - seen_at)::bigint AS idle_seconds,
       extract(epoch FROM expires_at - now())::bigint AS left_seconds
FROM session_find($1)

-- name: guest_create
-- $1 account; app.account must be the same
INSERT INTO accounts (id, kind) VALUES ($1, 'guest')

-- name: guest_count
-- $1 address, $2 most in an hour; no row = it has had them
INSERT INTO guest_origins AS o (origin, hour) VALUES ($1, date_trunc('hour', now()))
ON CONFLICT (origin, hour) DO UPDATE SET made = o.made + 1 WHERE o.made < $2::int
RETURNING made

-- name: guest_minutes
-- until the next hour begins
SELECT 60 - extract(minute FROM now())::int AS left_minutes

-- name: storage_use
-- $1 account, $2 bytes from which those of all are counted exactly
SELECT own, total FROM storage_use($1, $2::bigint)

-- name: session_create
-- $1 hash, $2 account, $3 days
INSERT INTO sessions (token_hash, account_id, expires_at)
VALUES ($1, $2, now() + make_interval(days => $3::int))

-- name: session_create_once
-- the same; no row = there is one of this token already
INSERT INTO sessions (token_hash, account_id, expires_at)
VALUES ($1, $2, now() + make_interval(days => $3::int))
ON CONFLICT DO NOTHING RETURNING account_id

-- name: session_touch
-- $1 hash, $2 days: a visit keeps the session and the account
WITH s AS (
	UPDATE sessions SET seen_at = now(), expires_at = now() + make_interval(days => $2::int)
	WHERE token_hash = $1 RETURNING account_id
)
UPDATE accounts SET seen_at = now() FROM s WHERE id = s.account_id

-- name: session_delete
DELETE FROM sessions WHERE token_hash = $1

-- name: idempotency_expire
-- a key is kept for a day; one whose call died before it did anything, a minute
DELETE FROM idempotency
WHERE account_id = $1 AND key = $2 AND call = $3
  AND created_at < now() - CASE WHEN status IS NULL AND location IS NULL
                                THEN interval '1 minute' ELSE interval '24 hours' END

-- name: idempotency_claim
-- $1 account, $2 key, $3 call, $4 hash of the body; no row = the key is known.
-- The time names the claim: one that took too long may have lost its key.
INSERT INTO idempotency (account_id, key, call, body_hash) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING created_at::text AS claim

-- name: idempotency_done
-- what the call made, in the transaction that makes it; no row = the key is
-- not ours any more, so the transaction must not happen
UPDATE idempotency SET location = $4
WHERE account_id = $1 AND key = $2 AND call = $3 AND created_at = $5::timestamptz
  AND location IS NULL
RETURNING key

-- name: idempotency_find
SELECT status, location, response, body_hash = $4::bytea AS same_body
FROM idempotency WHERE account_id = $1 AND key = $2 AND call = $3

-- name: idempotency_finish
UPDATE idempotency SET status = $4::int, response = $5
WHERE account_id = $1 AND key = $2 AND call = $3

-- name: idempotency_forget
-- $4 the claim; not when it was done after all (a COMMIT whose answer was lost)
DELETE FROM idempotency
WHERE account_id = $1 AND key = $2 AND call = $3 AND created_at = $4::timestamptz
  AND location IS NULL
