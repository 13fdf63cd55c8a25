-- OtpStore::guess, where it was right. KEYS: those of charge.lua. ARGV: now, the hour of it, id.
-- Answers 1 for the one who spends the code.
local live = redis.pcall('HMGET', KEYS[1], 'id', 'ends')
if live.err or live[1] ~= ARGV[3] or tonumber(ARGV[1]) >= tonumber(live[2]) then
    return 0
end
redis.call('DEL', KEYS[1], KEYS[2])
-- Over the turn of the hour its guess stays counted in the last one: one too many is on the safe side.
if (tonumber(redis.call('HGET', KEYS[3], ARGV[2])) or 0) > 0 then
    redis.call('HINCRBY', KEYS[3], ARGV[2], -1)
end
return 1
