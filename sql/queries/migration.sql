-- What the migrator asks and notes; runs as the owner.

-- name: migration_lock
-- One migrator at a time; held until it disconnects.
SELECT pg_try_advisory_lock(7090301) AS mine

-- name: migration_schema
CREATE SCHEMA IF NOT EXISTS platen

-- name: migration_table
CREATE TABLE IF NOT EXISTS platen.schema_migrations (
	number     integer PRIMARY KEY,
	name       text NOT NULL,
	sha256     text NOT NULL,
	applied_at timestamptz NOT NULL DEFAULT now()
)

-- name: migration_known
-- Whether schema_migrations is there; the schema may not exist at all.
SELECT to_regclass('platen.schema_migrations') IS NOT NULL AS known

-- name: migration_list
SELECT number, name, sha256 FROM platen.schema_migrations ORDER BY number

-- name: migration_note
INSERT INTO platen.schema_migrations (number, name, sha256) VALUES ($1, $2, $3)

-- name: database_create
CREATE DATABASE platen

-- name: role_password
-- A role that may log in with the password; both come as settings.
DO $$ BEGIN
IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = current_setting('platen.role')) THEN
	EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', current_setting('platen.role'));
END IF;
EXECUTE format('ALTER ROLE %I PASSWORD %L', current_setting('platen.role'), current_setting('platen.password'));
END $$
