-- The sweep goes through a lane in the order (run_after, id), a page at a
-- time; without the id in the index each page would sort the whole lane.
CREATE INDEX generations_lane ON platen.generations (provider, run_after, id)
	WHERE status = 'pending';
DROP INDEX platen.generations_pending;
