-- OtpStore::withdraw. KEYS: the code, the resend lock. ARGV: id, prefix of the keys of sends.
local id = ARGV[1]
local live = redis.pcall('HMGET', KEYS[1], 'id', 'mailbox')
if not live.err and live[1] == id then
    redis.call('ZREM', ARGV[2] .. live[2], id)
    redis.call('DEL', KEYS[1])
end
local lock = redis.call('GET', KEYS[2])
if lock and string.match(lock, '^%d+ (.*)$') == id then
    redis.call('DEL', KEYS[2])
end
return 1
