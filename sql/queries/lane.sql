-- Lanes: what stops one, and for how long.

-- name: lane_states
-- every lane that somebody has said something about; left_ms is NULL for a
-- pause without an end
SELECT name, paused AND coalesce(paused_until > now(), true) AS stopped,
       ceil(extract(epoch FROM paused_until - now()) * 1000)::bigint AS left_ms,
       parallel, per_minute
FROM lanes

-- name: lane_stopped
-- $1 lane: no row while it runs
SELECT reason, ceil(extract(epoch FROM paused_until - now()))::bigint AS left_seconds,
       to_char(paused_until, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS until
FROM lanes
WHERE name = $1 AND paused AND coalesce(paused_until > now(), true)

-- name: lane_park
-- $1 lane, $2 ms, $3 why: until then, if it is not stopped for longer already
INSERT INTO lanes (name, paused, paused_until, reason, changed_by)
VALUES ($1, true, now() + $2::bigint * interval '1 ms', $3, 'worker')
ON CONFLICT (name) DO UPDATE
SET paused = true, paused_until = excluded.paused_until, reason = excluded.reason,
    changed_by = excluded.changed_by, changed_at = now()
WHERE NOT lanes.paused OR lanes.paused_until < excluded.paused_until

-- name: lane_stopped_all
-- for the doctor
SELECT name, reason, to_char(paused_until, 'YYYY-MM-DD HH24:MI "UTC"') AS until
FROM lanes WHERE paused AND coalesce(paused_until > now(), true) ORDER BY name
