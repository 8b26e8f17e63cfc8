-- Accounts, sessions, idempotency keys.

-- name: session_find
-- $1 hash of the token
SELECT account_id, kind, extract(epoch FROM now() - seen_at)::bigint AS idle_seconds,
       extract(epoch FROM expires_at - now())::bigint AS left_seconds
FROM session_find($1)

-- name: guest_create
-- $1 account; app.account must be the same
INSERT INTO accounts (id, kind) VALUES ($1, 'guest')

-- name: session_create
-- $1 hash, $2 account, $3 days
INSERT INTO sessions (token_hash, account_id, expires_at)
VALUES ($1, $2, now() + make_interval(days => $3::int))

-- name: session_touch
-- $1 hash, $2 days: a visit keeps the session and the account
WITH s AS (
	UPDATE sessions SET seen_at = now(), expires_at = now() + make_interval(days => $2::int)
	WHERE token_hash = $1 RETURNING account_id
)
UPDATE accounts SET seen_at = now() FROM s WHERE id = s.account_id

-- name: session_delete
DELETE FROM sessions WHERE token_hash = $1

-- name: idempotency_claim
-- $1 account, $2 key, $3 call, $4 hash of the body; no row = the key is known
WITH old AS (
	DELETE FROM idempotency
	WHERE account_id = $1 AND key = $2 AND call = $3 AND created_at < now() - interval '24 hours'
)
INSERT INTO idempotency (account_id, key, call, body_hash) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING key

-- name: idempotency_find
SELECT status, location, response, body_hash = $4::bytea AS same_body
FROM idempotency WHERE account_id = $1 AND key = $2 AND call = $3

-- name: idempotency_finish
UPDATE idempotency SET status = $4::int, location = $5, response = $6
WHERE account_id = $1 AND key = $2 AND call = $3

-- name: idempotency_forget
DELETE FROM idempotency WHERE account_id = $1 AND key = $2 AND call = $3
