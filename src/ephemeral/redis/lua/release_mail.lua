-- Ends a worker's claim of a mail, if it has it.
-- KEYS: mail:<id>   ARGV: the worker
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
