-- What is stored has a ceiling, and so has what one address may begin.
SET LOCAL search_path = platen;

CREATE INDEX artifacts_account ON artifacts (account_id);

-- Guests made for an address (IPv6: a /64) in an hour; the retention forgets
-- them after a day.
CREATE TABLE guest_origins (
	origin text NOT NULL,
	hour   timestamptz NOT NULL,
	made   integer NOT NULL DEFAULT 1,
	PRIMARY KEY (origin, hour)
);
GRANT SELECT, INSERT, UPDATE ON guest_origins TO platen_web;
GRANT SELECT, DELETE ON guest_origins TO platen_worker;

-- Bytes of results: of an account, and of all.  Those of all are counted only
-- where the table takes most bytes on the disk: else its size will do, which
-- is never less.
GRANT SELECT (account_id, body) ON artifacts TO platen_definer;
CREATE POLICY lookup ON artifacts FOR SELECT TO platen_definer USING (true);
CREATE FUNCTION storage_use(whose uuid, most bigint)
RETURNS TABLE (own bigint, total bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	SELECT coalesce(sum(length(body)), 0) INTO own FROM artifacts WHERE account_id = whose;
	total := pg_total_relation_size('platen.artifacts');
	IF total >= most THEN
		SELECT coalesce(sum(length(body)), 0) INTO total FROM artifacts;
	END IF;
	RETURN NEXT;
END $$;

GRANT CREATE ON SCHEMA platen TO platen_definer;
ALTER FUNCTION storage_use(uuid, bigint) OWNER TO platen_definer;
REVOKE CREATE ON SCHEMA platen FROM platen_definer;
REVOKE ALL ON FUNCTION storage_use(uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION storage_use(uuid, bigint) TO platen_web, platen_worker;
