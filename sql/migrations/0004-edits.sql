-- What people mended by hand in the llms.txt of a host, kept for the next one
-- (core/llms_edits.h); and the right to replace a finished file.
SET LOCAL search_path = platen;

-- They belong to the host, not to a generation: deleting one leaves them.
CREATE TABLE llms_edits (
	account_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
	hostname   text NOT NULL,
	edits      jsonb NOT NULL,
	number     integer NOT NULL CHECK (number > 0),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (account_id, hostname)
);

ALTER TABLE llms_edits ENABLE ROW LEVEL SECURITY;
ALTER TABLE llms_edits FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON llms_edits TO platen_web USING (account_id = current_account());
CREATE POLICY every ON llms_edits FOR SELECT TO platen_worker USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON llms_edits TO platen_web;
GRANT SELECT ON llms_edits TO platen_worker;

-- The web process may put a mended llms.txt in the place of the generated one
-- and keep that beside it; no other artifact is its to write.
GRANT INSERT, DELETE, UPDATE (body, sha256, created_at) ON artifacts TO platen_web;
CREATE POLICY mend_insert ON artifacts AS RESTRICTIVE FOR INSERT TO platen_web
	WITH CHECK (name = 'llms.generated.txt');
CREATE POLICY mend_update ON artifacts AS RESTRICTIVE FOR UPDATE TO platen_web
	USING (name = 'llms.txt') WITH CHECK (name = 'llms.txt');
CREATE POLICY mend_delete ON artifacts AS RESTRICTIVE FOR DELETE TO platen_web
	USING (name = 'llms.generated.txt');
