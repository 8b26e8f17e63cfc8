-- Hand edits of llms.txt files (web process; the worker reads them with its
-- claim).

-- name: edits_show
-- $1 account, $2 hostname
SELECT edits::text AS edits, number,
       to_char(updated_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS updated_text
FROM llms_edits WHERE account_id = $1 AND hostname = $2

-- name: edits_put
-- $1 account, $2 hostname, $3 edits, $4 how many
INSERT INTO llms_edits (account_id, hostname, edits, number)
VALUES ($1, $2, $3::jsonb, $4::int)
ON CONFLICT (account_id, hostname) DO UPDATE
SET edits = excluded.edits, number = excluded.number, updated_at = now()

-- name: edits_delete
-- $1 account, $2 hostname
DELETE FROM llms_edits WHERE account_id = $1 AND hostname = $2

-- name: artifact_keep_generated
-- $1 generation: its llms.txt as it was generated; nothing when that is kept
INSERT INTO artifacts (generation_id, account_id, name, mime, partial, sha256, body)
SELECT generation_id, account_id, 'llms.generated.txt', mime, false, sha256, body
FROM artifacts WHERE generation_id = $1 AND name = 'llms.txt'
ON CONFLICT (generation_id, name) DO NOTHING

-- name: artifact_mend
-- $1 generation, $2 hash (hex) of the file that was mended, $3 sha256, $4 body;
-- no row when it was replaced meanwhile
UPDATE artifacts SET body = $4, sha256 = $3, created_at = now()
WHERE generation_id = $1 AND name = 'llms.txt' AND NOT partial AND sha256 = decode($2, 'hex')
RETURNING name

-- name: artifact_restore
-- $1 generation: llms.txt as it was generated
UPDATE artifacts a SET body = g.body, sha256 = g.sha256, created_at = now()
FROM artifacts g
WHERE a.generation_id = $1 AND a.name = 'llms.txt'
  AND g.generation_id = a.generation_id AND g.name = 'llms.generated.txt'
RETURNING a.name

-- name: artifact_drop_generated
-- $1 generation: when llms.txt is that again
DELETE FROM artifacts WHERE generation_id = $1 AND name = 'llms.generated.txt'

-- name: generation_entries
-- $1 id, $2 links in its file now; how many edits it came with is no longer true
UPDATE generations SET entries_count = $2::int,
    message = regexp_replace(message, ', edited by hand in [0-9]+ places?$', '')
WHERE id = $1 AND status = 'completed'
RETURNING id
