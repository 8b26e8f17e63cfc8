-- Removes an id from a lane, wherever it stands.
-- KEYS: lane:{p} lane:{p}:owner
-- ARGV: id
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('ZREM', KEYS[1], ARGV[1])
