-- The web process orders, cancels and tries again; attempts, prices and whose
-- a generation is are not its to change.
REVOKE INSERT, UPDATE ON platen.generations FROM platen_web;
GRANT INSERT (id, account_id, type, provider, status, input, prompt, hostname, price),
	UPDATE (status, failures, crashes, run_after, error, processed, total, stage, message,
	        started_at, entries_count, result, announced)
	ON platen.generations TO platen_web;
