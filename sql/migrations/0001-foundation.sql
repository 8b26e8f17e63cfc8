-- Accounts, sessions, generations with their history and artifacts, host
-- counts, idempotency keys; roles with the least they need; row-level
-- security.  Runs as the owner, who also owns every table.

-- ---- roles ----------------------------------------------------------------
-- web, live and worker log in; definer owns the few functions that must see
-- across accounts, and nobody logs in as it.
DO $$
DECLARE r text;
BEGIN
	FOREACH r IN ARRAY ARRAY['platen_web', 'platen_live', 'platen_worker'] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
			EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', r);
		END IF;
	END LOOP;
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'platen_definer') THEN
		CREATE ROLE platen_definer NOLOGIN NOINHERIT;
	END IF;
	EXECUTE format('GRANT platen_definer TO %I', current_user);
END $$;

CREATE SCHEMA IF NOT EXISTS platen;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA platen TO platen_web, platen_live, platen_worker, platen_definer;
SET LOCAL search_path = platen;
-- Made by the migrator, before the first migration.
GRANT SELECT ON schema_migrations TO platen_web, platen_live, platen_worker;

-- The account that the transaction works for; NULL where none was set.
CREATE FUNCTION current_account() RETURNS uuid
LANGUAGE sql STABLE
RETURN NULLIF(current_setting('app.account', true), '')::uuid;

-- ---- accounts and sessions -------------------------------------------------
CREATE TYPE account_kind AS ENUM ('guest', 'user', 'admin');

CREATE TABLE accounts (
	id         uuid PRIMARY KEY,
	kind       account_kind NOT NULL DEFAULT 'guest',
	created_at timestamptz NOT NULL DEFAULT now(),
	seen_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sessions (
	token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
	account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
	created_at timestamptz NOT NULL DEFAULT now(),
	seen_at    timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- ---- generations -----------------------------------------------------------
CREATE TYPE generation_status AS ENUM
	('pending_payment', 'pending', 'processing', 'completed', 'failed', 'canceled');

CREATE TABLE generations (
	id            uuid PRIMARY KEY,
	account_id    uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
	type          text NOT NULL,
	provider      text NOT NULL,
	status        generation_status NOT NULL DEFAULT 'pending',
	input         jsonb NOT NULL,
	prompt        text NOT NULL,
	hostname      text,
	price         integer NOT NULL DEFAULT 0 CHECK (price >= 0),
	tokens_used   bigint,
	-- attempt is the fence; failures and crashes decide when to give up.
	attempt       integer NOT NULL DEFAULT 0,
	failures      integer NOT NULL DEFAULT 0,
	crashes       integer NOT NULL DEFAULT 0,
	worker_id     uuid,
	lease_until   timestamptz,
	run_after     timestamptz NOT NULL DEFAULT now(),
	processed     integer NOT NULL DEFAULT 0,
	total         integer NOT NULL DEFAULT 0,
	stage         text NOT NULL DEFAULT '',
	message       text NOT NULL DEFAULT '',
	error         text,
	entries_count integer,
	result        jsonb,
	-- false until the event of the present status went out (see the sweep).
	announced     boolean NOT NULL DEFAULT false,
	created_at    timestamptz NOT NULL DEFAULT now(),
	updated_at    timestamptz NOT NULL DEFAULT now(),
	started_at    timestamptz,
	completed_at  timestamptz
);
CREATE INDEX generations_account ON generations (account_id, id DESC);
CREATE INDEX generations_pending ON generations (provider, run_after) WHERE status = 'pending';
CREATE INDEX generations_lease ON generations (lease_until) WHERE status = 'processing';
CREATE INDEX generations_unannounced ON generations (updated_at) WHERE NOT announced;
CREATE INDEX generations_done ON generations (provider, type, completed_at DESC) WHERE status = 'completed';

CREATE TABLE status_history (
	id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	generation_id uuid NOT NULL REFERENCES generations ON DELETE CASCADE,
	account_id    uuid NOT NULL,
	status        generation_status NOT NULL,
	attempt       integer NOT NULL,
	actor         text NOT NULL,
	reason        text NOT NULL DEFAULT '',
	created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX status_history_generation ON status_history (generation_id, id);

CREATE TABLE artifacts (
	generation_id uuid NOT NULL REFERENCES generations ON DELETE CASCADE,
	account_id    uuid NOT NULL,
	name          text NOT NULL,
	mime          text NOT NULL,
	partial       boolean NOT NULL DEFAULT false,
	sha256        bytea NOT NULL,
	body          bytea NOT NULL,
	created_at    timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (generation_id, name)
);

-- A refused transition is SQLSTATE PL409; the database is the last to say no.
-- Who does it and why come from app.actor and app.reason of the transaction.
CREATE FUNCTION generation_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	NEW.updated_at := now();
	IF TG_OP = 'INSERT' THEN
		IF NEW.status NOT IN ('pending', 'pending_payment') THEN
			RAISE EXCEPTION 'a generation starts as pending, not %', NEW.status
				USING ERRCODE = 'PL409';
		END IF;
		RETURN NEW;
	END IF;
	IF NEW.account_id <> OLD.account_id OR NEW.id <> OLD.id THEN
		RAISE EXCEPTION 'a generation keeps its id and account' USING ERRCODE = 'PL409';
	END IF;
	IF NEW.status = OLD.status THEN
		RETURN NEW;
	END IF;
	IF NOT (CASE OLD.status
		WHEN 'pending_payment' THEN NEW.status IN ('pending', 'canceled')
		WHEN 'pending' THEN NEW.status IN ('processing', 'canceled')
		WHEN 'processing' THEN NEW.status IN ('completed', 'failed', 'canceled', 'pending')
		WHEN 'failed' THEN NEW.status = 'pending'
		WHEN 'canceled' THEN NEW.status = 'pending'
		ELSE false END) THEN
		RAISE EXCEPTION 'a % generation cannot become %', OLD.status, NEW.status
			USING ERRCODE = 'PL409';
	END IF;
	NEW.announced := false;
	IF NEW.status <> 'processing' THEN
		NEW.worker_id := NULL;
		NEW.lease_until := NULL;
	END IF;
	IF NEW.status IN ('completed', 'failed', 'canceled') THEN
		NEW.completed_at := now();
	ELSE
		NEW.completed_at := NULL;
	END IF;
	RETURN NEW;
END $$;

CREATE FUNCTION generation_record() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND NEW.status = OLD.status THEN
		RETURN NULL;
	END IF;
	INSERT INTO platen.status_history (generation_id, account_id, status, attempt, actor, reason)
	VALUES (NEW.id, NEW.account_id, NEW.status, NEW.attempt,
		coalesce(NULLIF(current_setting('app.actor', true), ''), current_user),
		coalesce(current_setting('app.reason', true), ''));
	RETURN NULL;
END $$;

CREATE TRIGGER generations_guard BEFORE INSERT OR UPDATE ON generations
	FOR EACH ROW EXECUTE FUNCTION generation_guard();
CREATE TRIGGER generations_record AFTER INSERT OR UPDATE OF status ON generations
	FOR EACH ROW EXECUTE FUNCTION generation_record();

-- ---- URL counts of hosts ---------------------------------------------------
-- Not of any account: how many URLs a public host has.
CREATE TABLE hosts (
	hostname     text PRIMARY KEY,
	state        text NOT NULL DEFAULT 'pending'
	             CHECK (state IN ('pending', 'counting', 'done', 'failed')),
	urls_count   integer NOT NULL DEFAULT 0,
	detail       jsonb NOT NULL DEFAULT '{}',
	error        text,
	attempt      integer NOT NULL DEFAULT 0,
	crashes      integer NOT NULL DEFAULT 0,
	worker_id    uuid,
	lease_until  timestamptz,
	requested_at timestamptz NOT NULL DEFAULT now(),
	counted_at   timestamptz
);
CREATE INDEX hosts_open ON hosts (state, lease_until) WHERE state IN ('pending', 'counting');

-- ---- idempotency keys (kept 24 h) ------------------------------------------
CREATE TABLE idempotency (
	account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
	key        text NOT NULL,
	call       text NOT NULL,
	body_hash  bytea NOT NULL,
	status     integer,
	location   text,
	response   text,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (account_id, key, call)
);

-- ---- workers ---------------------------------------------------------------
-- One row per running worker; it holds pg_advisory_lock(lock_key) on a
-- connection of its own, so a free lock means a dead worker.
CREATE TABLE workers (
	id         uuid PRIMARY KEY,
	lock_key   bigint NOT NULL UNIQUE,
	host       text NOT NULL,
	pid        integer NOT NULL,
	slots      integer NOT NULL,
	started_at timestamptz NOT NULL DEFAULT now(),
	seen_at    timestamptz NOT NULL DEFAULT now()
);

-- ---- row-level security ----------------------------------------------------
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE generations ENABLE ROW LEVEL SECURITY;
ALTER TABLE generations FORCE ROW LEVEL SECURITY;
ALTER TABLE status_history ENABLE ROW LEVEL SECURITY;
ALTER TABLE status_history FORCE ROW LEVEL SECURITY;
ALTER TABLE artifacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE artifacts FORCE ROW LEVEL SECURITY;
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency FORCE ROW LEVEL SECURITY;

CREATE POLICY own ON accounts TO platen_web, platen_live USING (id = current_account());
CREATE POLICY own ON sessions TO platen_web USING (account_id = current_account());
CREATE POLICY own ON generations TO platen_web, platen_live USING (account_id = current_account());
CREATE POLICY own ON status_history TO platen_web, platen_live USING (account_id = current_account());
CREATE POLICY own ON artifacts TO platen_web, platen_live USING (account_id = current_account());
CREATE POLICY own ON idempotency TO platen_web USING (account_id = current_account());

-- The worker serves every account; the fence is its guard.
CREATE POLICY every ON accounts TO platen_worker USING (true);
CREATE POLICY every ON sessions TO platen_worker USING (true);
CREATE POLICY every ON generations TO platen_worker USING (true);
CREATE POLICY every ON status_history TO platen_worker USING (true);
CREATE POLICY every ON artifacts TO platen_worker USING (true);
CREATE POLICY every ON idempotency TO platen_worker USING (true);

CREATE POLICY lookup ON sessions FOR SELECT TO platen_definer USING (true);
CREATE POLICY lookup ON accounts FOR SELECT TO platen_definer USING (true);
CREATE POLICY lookup ON generations FOR SELECT TO platen_definer USING (true);

GRANT SELECT, INSERT, UPDATE ON accounts TO platen_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO platen_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON generations TO platen_web;
GRANT SELECT, INSERT ON status_history TO platen_web;
GRANT SELECT ON artifacts TO platen_web;
GRANT SELECT, INSERT, UPDATE ON hosts TO platen_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency TO platen_web;
GRANT SELECT ON workers TO platen_web;

GRANT SELECT ON accounts, generations, status_history, artifacts, workers TO platen_live;
GRANT SELECT, INSERT, UPDATE ON hosts TO platen_live;

GRANT SELECT, DELETE ON accounts, sessions, idempotency TO platen_worker;
GRANT SELECT, UPDATE, DELETE ON generations TO platen_worker;
GRANT SELECT, INSERT ON status_history TO platen_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON artifacts, hosts, workers TO platen_worker;

GRANT SELECT ON accounts, sessions, generations TO platen_definer;

-- ---- what must see across accounts -----------------------------------------
-- The account behind a session token's hash; no row when it is unknown or
-- over.
CREATE FUNCTION session_find(hash bytea)
RETURNS TABLE (account_id uuid, kind account_kind, seen_at timestamptz, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
	SELECT s.account_id, a.kind, s.seen_at, s.expires_at
	FROM sessions s JOIN accounts a ON a.id = s.account_id
	WHERE s.token_hash = hash AND s.expires_at > now()
$$;

-- How long a lane's generations took lately, and how many run now: seconds
-- per generation (p50, p90) and per unit (p50) over the last 200 completed.
CREATE FUNCTION lane_stats(lane text, kind text)
RETURNS TABLE (p50 float8, p90 float8, unit_p50 float8, samples bigint, active bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
	SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY d.seconds),
	       percentile_cont(0.9) WITHIN GROUP (ORDER BY d.seconds),
	       percentile_cont(0.5) WITHIN GROUP (ORDER BY d.seconds / greatest(d.total, 1)),
	       count(*),
	       (SELECT count(*) FROM generations WHERE provider = lane AND status = 'processing')
	FROM (SELECT extract(epoch FROM completed_at - started_at)::float8 AS seconds, total
	      FROM generations
	      WHERE provider = lane AND type = kind AND status = 'completed'
	        AND started_at IS NOT NULL
	      ORDER BY completed_at DESC LIMIT 200) d
$$;

-- An owner must be able to create in the schema, but only now.
GRANT CREATE ON SCHEMA platen TO platen_definer;
ALTER FUNCTION session_find(bytea) OWNER TO platen_definer;
ALTER FUNCTION lane_stats(text, text) OWNER TO platen_definer;
REVOKE CREATE ON SCHEMA platen FROM platen_definer;
REVOKE ALL ON FUNCTION session_find(bytea), lane_stats(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION session_find(bytea) TO platen_web, platen_live;
GRANT EXECUTE ON FUNCTION lane_stats(text, text) TO platen_web, platen_worker;
