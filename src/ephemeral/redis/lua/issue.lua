-- OtpStore::issue. KEYS: the code, the resend lock, the mailbox's sends, the account's failures.
-- ARGV: now, id, key id, nonce, MAC, mailbox. Answers the outcome and how many milliseconds to wait.
local code, resend, sends, failures = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local now, id = tonumber(ARGV[1]), ARGV[2]

-- A lock or a wait that is longer than any was made before the clock was put back: it is over (F12).
local locked = (tonumber(redis.call('HGET', failures, 'until')) or 0) - now
if locked > 0 and locked <= limits.longest_lock then
    return {'locked', locked}
end

local lock = redis.call('GET', resend)
if lock then
    -- One that another service has put there has no time in it: then its TTL counts.
    local ends_at = tonumber(string.match(lock, '^(%d+) '))
    local wait = ends_at and ends_at - now or redis.call('PTTL', resend)
    if wait > 0 and not (ends_at and wait > limits.resend_after) then
        return {'wait', wait}
    end
end

-- Until fewer than `limit` of the sends lie within `window`.
local function wait_for_window(limit, window)
    local nth = redis.call('ZREVRANGE', sends, limit - 1, limit - 1, 'WITHSCORES')
    return nth[2] and tonumber(nth[2]) + window - now or 0
end
local quota = math.max(wait_for_window(limits.sends_per_hour, limits.hour),
                       wait_for_window(limits.sends_per_day, limits.day))
if quota > 0 then
    return {'quota', quota}
end

-- A key's TTL only bounds how long it is kept: the times in it are by the clock that `now` comes from.
redis.call('SET', resend, string.format('%.0f ', now + limits.resend_after) .. id, 'PX', limits.resend_after)
redis.call('DEL', code)
redis.call('HSET', code, 'v', 1, 'kid', ARGV[3], 'id', id, 'nonce', ARGV[4], 'mac', ARGV[5], 'b', 0, 'u', 0,
           'ends', now + limits.lifetime, 'mailbox', ARGV[6])
redis.call('PEXPIRE', code, limits.lifetime)
redis.call('ZREMRANGEBYSCORE', sends, '-inf', now - limits.day)
redis.call('ZADD', sends, now, id)
redis.call('PEXPIRE', sends, limits.day)
return {'issued', 0}
