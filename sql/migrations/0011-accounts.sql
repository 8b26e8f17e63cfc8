-- The web process makes accounts of guests and notes when one was seen; what an
-- account is, is not its to say.
REVOKE INSERT, UPDATE ON platen.accounts FROM platen_web;
GRANT INSERT (id, kind), UPDATE (seen_at) ON platen.accounts TO platen_web;
CREATE POLICY guests ON platen.accounts AS RESTRICTIVE FOR INSERT TO platen_web
	WITH CHECK (kind = 'guest');
