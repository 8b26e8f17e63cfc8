-- The operator's page: sign-in links for administrators, tests of providers,
-- and the few functions that see or change rows of every account.  Each of
-- these asks whether the transaction's account is an administrator's, beside
-- the web process, which has asked already.
SET LOCAL search_path = platen;

-- ---- links that sign an administrator in -----------------------------------
-- Of use once, for some minutes; the database has the token's SHA-256 alone.
CREATE TABLE signin_links (
	token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
	account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
	expires_at timestamptz NOT NULL
);
ALTER TABLE signin_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE signin_links FORCE ROW LEVEL SECURITY;
CREATE POLICY every ON signin_links TO platen_definer USING (true);
GRANT SELECT, INSERT, DELETE ON signin_links TO platen_definer;

CREATE POLICY administrators ON accounts FOR INSERT TO platen_definer WITH CHECK (kind = 'admin');
CREATE POLICY signing_in ON sessions FOR INSERT TO platen_definer WITH CHECK (true);
GRANT INSERT ON accounts, sessions TO platen_definer;

-- ---- tests of providers ----------------------------------------------------
CREATE TABLE probes (
	provider    text PRIMARY KEY,
	state       text NOT NULL DEFAULT 'pending'
	            CHECK (state IN ('pending', 'running', 'done')),
	attempt     integer NOT NULL DEFAULT 0,
	lease_until timestamptz,
	good        boolean,
	why         text NOT NULL DEFAULT '',
	asked_at    timestamptz NOT NULL DEFAULT now(),
	done_at     timestamptz
);
GRANT SELECT ON probes TO platen_web;
GRANT SELECT, UPDATE ON probes TO platen_worker;

-- ---- what the functions may do ---------------------------------------------
CREATE POLICY operator ON generations TO platen_definer USING (true);
CREATE POLICY operator ON status_history FOR INSERT TO platen_definer WITH CHECK (true);
GRANT UPDATE, DELETE ON generations TO platen_definer;
GRANT INSERT ON status_history TO platen_definer;
GRANT SELECT, INSERT, UPDATE ON lanes, probes TO platen_definer;
GRANT SELECT ON workers TO platen_definer;
CREATE INDEX generations_failed ON generations (completed_at DESC) WHERE status = 'failed';

-- An administrator (the first one there is, or a new one) and a link for him.
CREATE FUNCTION signin_make(hash bytea, fresh uuid, minutes integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
DECLARE
	who uuid;
BEGIN
	DELETE FROM signin_links WHERE expires_at < now();
	SELECT id INTO who FROM accounts WHERE kind = 'admin' ORDER BY created_at, id LIMIT 1;
	IF who IS NULL THEN
		INSERT INTO accounts (id, kind) VALUES (fresh, 'admin') RETURNING id INTO who;
	END IF;
	INSERT INTO signin_links (token_hash, account_id, expires_at)
	VALUES (hash, who, now() + make_interval(mins => minutes));
	RETURN who;
END $$;

CREATE FUNCTION signin_valid(hash bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
	SELECT EXISTS (SELECT FROM signin_links WHERE token_hash = hash AND expires_at > now())
$$;

-- The link is spent and a session begins; NULL where there is no such link.
CREATE FUNCTION signin_take(hash bytea, session bytea, days integer) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
DECLARE
	who uuid;
BEGIN
	DELETE FROM signin_links WHERE token_hash = hash AND expires_at > now()
	RETURNING account_id INTO who;
	IF who IS NOT NULL THEN
		INSERT INTO sessions (token_hash, account_id, expires_at)
		VALUES (session, who, now() + make_interval(days => days));
	END IF;
	RETURN who;
END $$;

CREATE FUNCTION admin_check() RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM accounts WHERE id = current_account() AND kind = 'admin') THEN
		RAISE EXCEPTION 'for administrators only' USING ERRCODE = 'PL404';
	END IF;
END $$;

CREATE FUNCTION admin_lanes()
RETURNS TABLE (lane text, waiting bigint, delayed bigint, active bigint, completed bigint,
	failed bigint, canceled bigint, oldest float8, hour bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	PERFORM admin_check();
	RETURN QUERY SELECT provider,
	       count(*) FILTER (WHERE status = 'pending' AND run_after <= now()),
	       count(*) FILTER (WHERE status = 'pending' AND run_after > now()),
	       count(*) FILTER (WHERE status = 'processing'),
	       count(*) FILTER (WHERE status = 'completed'),
	       count(*) FILTER (WHERE status = 'failed'),
	       count(*) FILTER (WHERE status = 'canceled'),
	       extract(epoch FROM now() - min(created_at) FILTER (WHERE status = 'pending'))::float8,
	       count(*) FILTER (WHERE status = 'completed'
	                        AND completed_at > now() - interval '1 hour')
	FROM generations GROUP BY provider;
END $$;

CREATE FUNCTION admin_workers()
RETURNS TABLE (host text, pid integer, slots integer, started_at timestamptz, age float8,
	active bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	PERFORM admin_check();
	RETURN QUERY SELECT w.host, w.pid, w.slots, w.started_at,
	       extract(epoch FROM now() - w.seen_at)::float8,
	       (SELECT count(*) FROM generations g
	        WHERE g.worker_id = w.id AND g.status = 'processing')
	FROM workers w ORDER BY w.host, w.pid;
END $$;

CREATE FUNCTION admin_failures(most integer) RETURNS SETOF generations
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	PERFORM admin_check();
	RETURN QUERY SELECT * FROM generations WHERE status = 'failed'
	ORDER BY completed_at DESC LIMIT most;
END $$;

-- Failed ones back into the queue: one, or all of a lane.
CREATE FUNCTION admin_again(one uuid, lane text, most integer) RETURNS SETOF generations
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	PERFORM admin_check();
	RETURN QUERY UPDATE generations g
	SET status = 'pending', failures = 0, crashes = 0, run_after = now(), error = NULL,
	    processed = 0, total = 0, stage = '', message = '', started_at = NULL,
	    entries_count = NULL, result = NULL
	FROM (SELECT id FROM generations
	      WHERE status = 'failed' AND (one IS NULL OR id = one)
	        AND (lane IS NULL OR provider = lane)
	      ORDER BY completed_at LIMIT most FOR UPDATE SKIP LOCKED) f
	WHERE g.id = f.id RETURNING g.*;
END $$;

-- What waits in a lane is canceled.
CREATE FUNCTION admin_empty(lane text, most integer) RETURNS SETOF generations
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	PERFORM admin_check();
	RETURN QUERY UPDATE generations g SET status = 'canceled'
	FROM (SELECT id FROM generations WHERE status = 'pending' AND provider = lane
	      ORDER BY id LIMIT most FOR UPDATE SKIP LOCKED) f
	WHERE g.id = f.id RETURNING g.*;
END $$;

-- What is over is removed, with its files.
CREATE FUNCTION admin_clean(word text, days integer, most integer) RETURNS SETOF generations
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	PERFORM admin_check();
	RETURN QUERY DELETE FROM generations g
	USING (SELECT id FROM generations
	       WHERE status::text = word AND status IN ('completed', 'failed', 'canceled')
	         AND completed_at <= now() - make_interval(days => days)
	       ORDER BY completed_at LIMIT most FOR UPDATE SKIP LOCKED) f
	WHERE g.id = f.id RETURNING g.*;
END $$;

CREATE FUNCTION admin_count(word text, lane text, days integer) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	PERFORM admin_check();
	RETURN (SELECT count(*) FROM generations
	        WHERE status::text = word AND (lane IS NULL OR provider = lane)
	          AND (days = 0 OR completed_at <= now() - make_interval(days => days)));
END $$;

CREATE FUNCTION admin_lane(lane text, stop boolean, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	PERFORM admin_check();
	INSERT INTO lanes (name, paused, reason, changed_by) VALUES (lane, stop, why, 'operator')
	ON CONFLICT (name) DO UPDATE
	SET paused = stop, paused_until = NULL, reason = why, changed_by = 'operator',
	    changed_at = now();
END $$;

CREATE FUNCTION admin_limit(lane text, at_once integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	PERFORM admin_check();
	INSERT INTO lanes (name, parallel, changed_by) VALUES (lane, at_once, 'operator')
	ON CONFLICT (name) DO UPDATE
	SET parallel = at_once, changed_by = 'operator', changed_at = now();
END $$;

-- One test at a time; a worker that took one and vanished does not block it.
CREATE FUNCTION admin_probe(which text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	PERFORM admin_check();
	INSERT INTO probes (provider) VALUES (which)
	ON CONFLICT (provider) DO UPDATE SET state = 'pending', asked_at = now()
	WHERE probes.state = 'done' OR probes.lease_until < now();
END $$;

DO $$
DECLARE
	f text;
	all_of text[] := ARRAY['signin_make(bytea, uuid, integer)', 'signin_valid(bytea)',
		'signin_take(bytea, bytea, integer)', 'admin_check()', 'admin_lanes()',
		'admin_workers()', 'admin_failures(integer)', 'admin_again(uuid, text, integer)',
		'admin_empty(text, integer)', 'admin_clean(text, integer, integer)',
		'admin_count(text, text, integer)', 'admin_lane(text, boolean, text)',
		'admin_limit(text, integer)', 'admin_probe(text)'];
BEGIN
	-- An owner must be able to create in the schema, but only now.
	GRANT CREATE ON SCHEMA platen TO platen_definer;
	FOREACH f IN ARRAY all_of LOOP
		EXECUTE format('ALTER FUNCTION %s OWNER TO platen_definer', f);
		EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
		EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', f,
			CASE WHEN f LIKE 'signin_make%' THEN current_user ELSE 'platen_web' END);
	END LOOP;
	REVOKE CREATE ON SCHEMA platen FROM platen_definer;
END $$;
