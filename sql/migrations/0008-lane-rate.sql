-- Calls of a provider's model per minute, on all workers together.
SET LOCAL search_path = platen;

ALTER TABLE lanes ADD COLUMN per_minute integer CHECK (per_minute > 0);

DROP FUNCTION admin_limit(text, integer);
CREATE FUNCTION admin_limit(lane text, kind text, n integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = platen, pg_temp
AS $$
BEGIN
	PERFORM admin_check();
	INSERT INTO lanes (name) VALUES (lane) ON CONFLICT (name) DO NOTHING;
	UPDATE lanes
	SET parallel = CASE WHEN kind = 'parallel' THEN n ELSE parallel END,
	    per_minute = CASE WHEN kind = 'per_minute' THEN n ELSE per_minute END,
	    changed_by = 'operator', changed_at = now()
	WHERE name = lane;
END $$;
-- An owner must be able to create in the schema, but only now.
GRANT CREATE ON SCHEMA platen TO platen_definer;
ALTER FUNCTION admin_limit(text, text, integer) OWNER TO platen_definer;
REVOKE CREATE ON SCHEMA platen FROM platen_definer;
REVOKE ALL ON FUNCTION admin_limit(text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admin_limit(text, text, integer) TO platen_web;
