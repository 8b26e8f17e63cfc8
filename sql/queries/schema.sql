-- The state of the schema and of the server.

-- name: schema_version
SELECT coalesce(max(number), 0) AS version FROM schema_migrations
