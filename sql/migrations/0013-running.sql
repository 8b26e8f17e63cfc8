-- What runs now, whoever ordered it, so that somebody who waits can be told
-- when a slot will be free: since how many seconds, how many more it will
-- take by its own progress (NULL: it has made none), and whether it is theirs.
SET LOCAL search_path = platen;

CREATE FUNCTION running(whose uuid)
RETURNS TABLE (since float8, remaining float8, mine boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
	SELECT r.since,
	       CASE WHEN g.processed > 0 AND g.total > 0
	            THEN greatest(0, r.told * greatest(g.total - g.processed, 0) / g.processed
	                 - (r.since - r.at)) END,
	       g.account_id = whose
	FROM generations g,
	     -- Its progress is of when the row was written; about two seconds go
	     -- by before there is any.
	     LATERAL (SELECT extract(epoch FROM now() - g.started_at)::float8 AS since,
	                     extract(epoch FROM g.updated_at - g.started_at)::float8 AS at) t,
	     LATERAL (SELECT t.since, t.at, greatest(t.at - 2, t.at / 2) AS told) r
	WHERE g.status = 'processing' AND g.started_at IS NOT NULL
	ORDER BY g.started_at
	LIMIT 1000
$$;
GRANT CREATE ON SCHEMA platen TO platen_definer;
ALTER FUNCTION running(uuid) OWNER TO platen_definer;
REVOKE CREATE ON SCHEMA platen FROM platen_definer;
REVOKE ALL ON FUNCTION running(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION running(uuid) TO platen_web;
