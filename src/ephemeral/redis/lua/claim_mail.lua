-- Claims a mail for a worker.
-- KEYS: mail:<id>   ARGV: the worker, how long the claim holds (ms)
local state = redis.call('GET', KEYS[1])
if state == 'sent' then return 'sent' end
if state and state ~= ARGV[1] then return 'busy' end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 'ours'
