-- OtpStore::guess, its first half. KEYS: the code, the account's failures, the failures of all by hour, nobody's account.
-- ARGV: now, the hour of it, flow id. Answers the failures of all and, where the guess is granted, the challenge.
local code, failures, hours = KEYS[1], KEYS[2], KEYS[3]
local now, hour, flow = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
local guesses = flow ~= '' and 'b' or 'u'

-- Both are always looked up. What another service keeps under the key is no hash, and no code.
local live = redis.pcall('HMGET', code, 'id', 'kid', 'nonce', 'mac', 'ends', guesses)
local account = redis.call('HMGET', failures, 'n', 'until')
-- One that is longer than any was made before the clock was put back: it is over (F12).
local locked = (tonumber(account[2]) or 0) - now
local payable = not live.err and live[1] and now < tonumber(live[5])
    and (locked <= 0 or locked > limits.longest_lock)
    and (flow == '' or flow == live[1]) and tonumber(live[6]) < limits.guesses_per_code

-- A refused guess is paid for by nobody, so that it takes as long as another (T11).
if not payable then
    code, failures = KEYS[4], KEYS[4]
end
redis.call('HINCRBY', hours, ARGV[2], payable and 1 or 0)
local of_all = 0
local counts = redis.call('HGETALL', hours)
for i = 1, #counts, 2 do
    if tonumber(counts[i]) > hour - limits.hours_that_count then
        of_all = of_all + tonumber(counts[i + 1])
    else
        redis.call('HDEL', hours, counts[i])
    end
end

local count = (tonumber(account[1]) or 0) + 1
local locks = of_all < limits.ceiling and limits.locks or limits.locks_in_attack
redis.call('HINCRBY', code, guesses, 1)
local lock = locks[math.min(count, limits.failures_at_most)]
redis.call('HSET', failures, 'n', count, 'until', now + (lock or -limits.longest_lock))
redis.call('PEXPIRE', failures, limits.forget_failures_after)
if not payable then
    return {of_all}
end
return {of_all, live[1], live[2], live[3], live[4]}
