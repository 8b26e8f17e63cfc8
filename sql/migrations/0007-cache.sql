-- What was read of a host, kept for the next generation of it: a file of
-- worker/cache/cache.h in parts.  It holds what anyone is shown who asks the
-- site, and a model's words about that, so it belongs to no account.
SET LOCAL search_path = platen;

CREATE TABLE site_cache (
	hostname  text NOT NULL,
	version   uuid NOT NULL, -- UUIDv7: the greatest is the newest
	part      integer NOT NULL CHECK (part >= 0 AND part < parts),
	parts     integer NOT NULL,
	body      bytea NOT NULL,
	stored_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (hostname, version, part)
);
-- It is packed already.
ALTER TABLE site_cache ALTER COLUMN body SET STORAGE EXTERNAL;

GRANT SELECT, INSERT, DELETE ON site_cache TO platen_worker;
