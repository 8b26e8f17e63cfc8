-- Bodies are stored as they are: compressing 64 MB takes seconds in which a
-- worker waits, and a slice of a compressed body costs reading it from the
-- start.  Holds for bodies put from now on.
ALTER TABLE platen.artifacts ALTER COLUMN body SET STORAGE EXTERNAL;
