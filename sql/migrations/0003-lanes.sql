-- What is known of a lane beside its generations: whether it is stopped, and
-- how many of it may run at once.  A lane without a row runs without limits.
-- Redis has a copy of "stopped" for the workers' quick look; this is the
-- truth, and the claim asks it.
SET LOCAL search_path = platen;

CREATE TABLE lanes (
	name         text PRIMARY KEY,
	paused       boolean NOT NULL DEFAULT false,
	-- Until then; NULL: until somebody says otherwise.
	paused_until timestamptz,
	reason       text NOT NULL DEFAULT '',
	-- Generations that may run at once, on all workers together.
	parallel     integer CHECK (parallel > 0),
	changed_by   text NOT NULL DEFAULT '',
	changed_at   timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON lanes TO platen_web;
GRANT SELECT, INSERT, UPDATE ON lanes TO platen_worker;

-- Whether one more of the lane may start now.  Where the number is limited
-- the lane's row is locked until the claim is committed, and the count is
-- made after the lock, in a snapshot of its own (VOLATILE): so no two workers
-- take the last place.
CREATE FUNCTION lane_open(lane text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = platen, pg_temp
AS $$
DECLARE
	l lanes%ROWTYPE;
BEGIN
	SELECT * INTO l FROM lanes WHERE name = lane;
	IF NOT FOUND THEN
		RETURN true;
	END IF;
	IF l.paused AND coalesce(l.paused_until > now(), true) THEN
		RETURN false;
	END IF;
	IF l.parallel IS NULL THEN
		RETURN true;
	END IF;
	PERFORM FROM lanes WHERE name = lane FOR UPDATE;
	RETURN (SELECT count(*) FROM generations
	        WHERE provider = lane AND status = 'processing') < l.parallel;
END $$;
REVOKE ALL ON FUNCTION lane_open(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lane_open(text) TO platen_worker;
