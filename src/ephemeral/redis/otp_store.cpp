#include "ping/ephemeral/redis/otp_store.hpp"

#include "ephemeral/redis/otp_limits.hpp"
#include "ping/core/failpoint.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace ping::ephemeral {

extern const std::string_view lua_issue;
extern const std::string_view lua_charge;
extern const std::string_view lua_consume;
extern const std::string_view lua_withdraw;

namespace {

using redis::Reply;

constexpr std::string_view failures_of_all_key = "otph:failures";
constexpr std::string_view nobody_key = "otph:refused";
constexpr std::string_view sends_prefix = "otpq:";

std::string code_key(std::string_view subject) {
    return std::string("otp:").append(subject);
}
std::string resend_key(std::string_view subject) {
    return std::string("otp:ratelimit:").append(subject);
}
std::string failures_key(std::string_view subject) {
    return std::string("otpf:").append(subject);
}

std::string number(std::int64_t value) {
    return std::to_string(value);
}
std::string hour_of(Time now) {
    return number(std::chrono::floor<std::chrono::hours>(now.time_since_epoch()).count());
}

template <std::size_t Size>
std::string_view as_bytes(const std::array<std::uint8_t, Size>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <std::size_t Size>
bool read_bytes(const Reply& reply, std::array<std::uint8_t, Size>& bytes) {
    if (reply.text.size() != Size) {
        return false;
    }
    std::copy(reply.text.begin(), reply.text.end(), bytes.begin());
    return true;
}

Error odd_reply(const char* script) {
    return errors::internal(std::string("an odd reply of the script ") + script);
}

Result<OtpIssued> read_issued(const Reply& reply) {
    constexpr std::array<std::pair<std::string_view, OtpIssueOutcome>, 4> outcomes{
        {{"issued", OtpIssueOutcome::issued},
         {"wait", OtpIssueOutcome::wait},
         {"quota", OtpIssueOutcome::quota},
         {"locked", OtpIssueOutcome::locked}}};
    for (const auto& [word, outcome] : outcomes) {
        if (reply.items.size() == 2 && reply.items[0].text == word) {
            // Rounded up, so that who waits that long is not early.
            const std::chrono::milliseconds wait(reply.items[1].integer);
            return OtpIssued{outcome, std::chrono::ceil<std::chrono::seconds>(wait)};
        }
    }
    return odd_reply("issue");
}

struct Charge {
    std::optional<OtpChallenge> challenge;  ///< nothing: refused
    std::int64_t failures_of_all = 0;
};

Result<Charge> read_charge(const Reply& reply) {
    constexpr std::size_t refused = 1;
    constexpr std::size_t granted = 5;
    const auto& items = reply.items;
    if (items.size() != refused && items.size() != granted) {
        return odd_reply("charge");
    }
    Charge charge;
    charge.failures_of_all = items[0].integer;
    if (items.size() == granted) {
        OtpChallenge challenge{items[1].text, items[2].text};
        if (!read_bytes(items[3], challenge.nonce) || !read_bytes(items[4], challenge.mac)) {
            return odd_reply("charge");
        }
        charge.challenge = std::move(challenge);
    }
    return charge;
}

}  // namespace

RedisOtpStore::RedisOtpStore(redis::Client& client, OtpLimits limits)
    : client_(client),
      limits_(limits),
      issue_(lua_limits(limits).append(lua_issue)),
      charge_(lua_limits(limits).append(lua_charge)),
      consume_(std::string(lua_consume)),
      withdraw_(std::string(lua_withdraw)) {}

Task<Result<OtpIssued>> RedisOtpStore::issue(OtpIssue request) {
    const auto code = code_key(request.subject);
    const auto resend = resend_key(request.subject);
    const auto sends = std::string(sends_prefix).append(request.mailbox);
    const auto failures = failures_key(request.subject);
    const auto now = number(to_millis(request.now));
    const std::array<std::string_view, 4> keys{code, resend, sends, failures};
    const std::array<std::string_view, 6> arguments{
        now, request.id, request.key_id, as_bytes(request.nonce), as_bytes(request.mac), request.mailbox};
    const auto reply = co_await issue_.run(client_, keys, arguments);
    if (!reply) {
        co_return reply.error();
    }
    co_return read_issued(*reply);
}

Task<Result<OtpGuessed>> RedisOtpStore::guess(OtpGuess guess) {
    const auto code = code_key(guess.subject);
    const auto failures = failures_key(guess.subject);
    const auto now = number(to_millis(guess.now));
    const auto hour = hour_of(guess.now);
    const std::array<std::string_view, 4> keys{code, failures, failures_of_all_key, nobody_key};
    const std::array<std::string_view, 3> arguments{now, hour, guess.flow_id};
    const auto reply = co_await charge_.run(client_, keys, arguments);
    if (!reply) {
        co_return reply.error();
    }
    const auto charge = read_charge(*reply);
    if (!charge) {
        co_return charge.error();
    }
    PING_FAILPOINT(V1);
    OtpGuessed guessed;
    guessed.failures_of_all = charge->failures_of_all;
    if (!charge->challenge) {
        static_cast<void>(guess.is_right(nobodys_challenge()));
        co_return guessed;
    }
    guessed.verdict = OtpVerdict::wrong;
    if (!guess.is_right(*charge->challenge)) {
        co_return guessed;
    }
    const auto& id = charge->challenge->id;
    const std::array<std::string_view, 3> spending{now, hour, id};
    const auto spent = co_await consume_.run(client_, keys, spending);
    if (!spent) {
        co_return spent.error();
    }
    if (spent->integer == 1) {
        guessed.verdict = OtpVerdict::right;
        guessed.id = id;
    }
    co_return guessed;
}

Task<Result<void>> RedisOtpStore::withdraw(std::string subject, std::string id) {
    const auto code = code_key(subject);
    const auto resend = resend_key(subject);
    const std::array<std::string_view, 2> keys{code, resend};
    const std::array<std::string_view, 2> arguments{id, sends_prefix};
    const auto reply = co_await withdraw_.run(client_, keys, arguments);
    if (!reply) {
        co_return reply.error();
    }
    co_return ok();
}

Task<Result<std::optional<std::string>>> RedisOtpStore::current(std::string subject, Time now) {
    const auto code = code_key(subject);
    const std::array<std::string_view, 4> arguments{"HMGET", code, "id", "ends"};
    redis::Command command(arguments);
    const auto reply = co_await client_.call(std::move(command));
    if (!reply) {
        co_return reply.error();
    }
    std::optional<std::string> id;
    if (reply->is_error("WRONGTYPE")) {
        co_return id;  // another service's code
    }
    if (reply->is_error()) {
        co_return redis::to_error(*reply);
    }
    if (reply->items.size() == 2 && std::atoll(reply->items[1].text.c_str()) > to_millis(now)) {
        id = reply->items[0].text;
    }
    co_return id;
}

}  // namespace ping::ephemeral
