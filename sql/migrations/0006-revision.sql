-- revision counts the changes of a generation's status: what is told of an
-- earlier one after a later one was told is dropped (sql/redis/event.lua).
ALTER TABLE platen.generations ADD COLUMN revision integer NOT NULL DEFAULT 1;

CREATE FUNCTION platen.generation_revise() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	NEW.revision := OLD.revision + (NEW.status <> OLD.status)::int;
	-- Heartbeats and the like are no news.
	IF (NEW.status, NEW.processed, NEW.total, NEW.stage, NEW.message, NEW.error,
	    NEW.result, NEW.run_after, NEW.failures, NEW.crashes)
	   IS NOT DISTINCT FROM
	   (OLD.status, OLD.processed, OLD.total, OLD.stage, OLD.message, OLD.error,
	    OLD.result, OLD.run_after, OLD.failures, OLD.crashes) THEN
		NEW.updated_at := OLD.updated_at;
	END IF;
	RETURN NEW;
END $$;

-- By the name after generations_guard, which refuses first.
CREATE TRIGGER generations_revise BEFORE UPDATE ON platen.generations
	FOR EACH ROW EXECUTE FUNCTION platen.generation_revise();
