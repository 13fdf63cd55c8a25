// What the Redis adapters promise beyond their ports.
#include "contract/otp_helpers.hpp"
#include "ping/ephemeral/redis/otp_store.hpp"
#include "support/redis_client.hpp"
#include "support/redis_server.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <regex>
#include <set>

namespace ping::test {
namespace {

using ephemeral::OtpIssueOutcome;
using ephemeral::OtpVerdict;

/// Codes in Redis, and Redis itself.
class OnRedis final : public OtpFixture {
public:
    OnRedis() { REQUIRE(client_.is_up_within(std::chrono::seconds(5))); }
    ephemeral::OtpStore& codes() override { return codes_; }

    RedisServer server;

private:
    RedisClient client_{loop, server.options()};
    ephemeral::RedisOtpStore codes_{client_.client()};
};

/// Every call that touches a key, once and more.
void use_everything(Codes& codes) {
    codes.issue("one");
    codes.guess_wrong("one");
    codes.guess_wrong("another flow");
    codes.current();
    codes.withdraw("another");
    codes.guess_right("one");
    codes.issue("too early");
    codes.issue("bo's", "bo@example.org");
    codes.withdraw("bo's");
    codes.guess_wrong("", "nobody@example.org");
}

/// The quoted words of a line of MONITOR: the command and its arguments.
std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words;
    const std::regex quoted(R"re("((?:[^"\\]|\\.)*)")re");
    for (std::sregex_iterator word(line.begin(), line.end(), quoted), end; word != end; ++word) {
        words.push_back((*word)[1]);
    }
    return words;
}

std::string environment(const char* name) {
    const char* const value = std::getenv(name);
    if (value == nullptr) {
        throw std::runtime_error("PINGD_TEST_REDIS_URL is not set");
    }
    return value;
}

/// Whether a client with these options comes up within a second.
bool connects(const std::string& url, const std::string& ca_file) {
    const FakeClock clock;
    Loop loop(clock);
    auto options = redis::parse_url(url);
    REQUIRE(options);
    options->ca_file = ca_file;
    RedisClient one(loop, *options);
    return one.is_up_within(std::chrono::seconds(1));
}

}  // namespace

TEST_CASE("T9: no command touches a key that is not one of ours, and every key of a person goes away",
          "[redis]") {
    OnRedis fixture;
    RedisMonitor monitor(fixture.server);
    Codes codes(fixture);
    use_everything(codes);
    const std::regex ours(R"(otp(:ratelimit)?:[^:]+|otp[fq]:[^:]+|otph:(failures|refused))");
    std::set<std::string> keys;
    for (const auto& line : monitor.lines()) {
        const auto words = words_of(line);
        REQUIRE(words.size() >= 2);
        if (line.find(" lua] ") != std::string::npos || words[0] == "HMGET") {
            keys.insert(words[1]);
        } else {
            CHECK((words[0] == "EVALSHA" || words[0] == "EVAL"));
        }
    }
    CHECK(keys.size() >= 8);
    for (const auto& key : keys) {
        CAPTURE(key);
        CHECK(std::regex_match(key, ours));
    }
    for (const auto& key : fixture.server.run({"KEYS", "*"})) {
        CAPTURE(key);
        CHECK((key == "otph:failures" || std::stoll(fixture.server.run_one({"PTTL", key})) > 0));
    }
}

TEST_CASE("T8: a code ends with its key, whatever the clocks say", "[redis]") {
    OnRedis fixture;
    Codes codes(fixture);
    codes.issue("one");
    CHECK(std::stoll(fixture.server.run_one({"PTTL", "otp:" + ada})) <= 300'000);
    CHECK(std::stoll(fixture.server.run_one({"PTTL", "otp:ratelimit:" + ada})) <= 60'000);
    fixture.clock.set_now(fixture.clock.now() - std::chrono::hours(1));
    fixture.server.run({"PEXPIRE", "otp:" + ada, "0"});
    CHECK(codes.guess_right("one") == OtpVerdict::refused);
    CHECK_FALSE(codes.current());
}

TEST_CASE("codes: what another service keeps under our keys is no code, and its resend lock counts",
          "[redis]") {
    OnRedis fixture;
    Codes codes(fixture);
    fixture.server.run({"SET", "otp:" + ada, "123456", "EX", "300"});
    CHECK(codes.guess_right() == OtpVerdict::refused);
    CHECK_FALSE(codes.current());
    codes.withdraw("123456");
    CHECK(fixture.server.run_one({"GET", "otp:" + ada}) == "123456");

    fixture.server.run({"SET", "otp:ratelimit:" + ada, "true", "EX", "60"});
    const auto refused = codes.issue("one");
    CHECK(refused.outcome == OtpIssueOutcome::wait);
    CHECK(refused.retry_after == std::chrono::seconds(60));
    fixture.server.run({"DEL", "otp:ratelimit:" + ada});
    CHECK(codes.issue("one").outcome == OtpIssueOutcome::issued);
    CHECK(codes.guess_right("one") == OtpVerdict::right);
}

TEST_CASE(
    "codes: a guess is charged before it is compared, and is not right when the code went away meanwhile",
    "[redis]") {
    OnRedis fixture;
    Codes codes(fixture);
    codes.issue("one");
    std::string charged;
    const auto drop_code = [&](const ephemeral::OtpChallenge&) {
        charged = fixture.server.run_one({"HGET", "otp:" + ada, "b"});
        fixture.server.run({"DEL", "otp:" + ada});
        return true;
    };
    CHECK(codes.guess(drop_code, "one") == OtpVerdict::wrong);
    CHECK(charged == "1");
    CHECK(fixture.server.run_one({"HGET", "otpf:" + ada, "n"}) == "1");

    codes.issue_later("two");
    const auto replace_code = [&](const ephemeral::OtpChallenge&) {
        fixture.server.run({"HSET", "otp:" + ada, "id", "three"});
        return true;
    };
    CHECK(codes.guess(replace_code, "two") == OtpVerdict::wrong);
    CHECK(codes.current() == "three");
}

TEST_CASE("T11: every guess is the same work in Redis, whatever its outcome", "[redis]") {
    OnRedis fixture;
    Codes codes(fixture);
    codes.issue("one");
    codes.guess_wrong("", "somebody@example.org");  // Redis knows the script from now on
    RedisMonitor monitor(fixture.server);
    for (const auto& [flow, subject] : {std::pair<std::string, std::string>("one", ada),
                                        {"another flow", ada},
                                        {"", "nobody@example.org"}}) {
        codes.guess_wrong(flow, subject);
        std::vector<std::string> commands;
        for (const auto& line : monitor.lines()) {
            commands.push_back(words_of(line).at(0));
        }
        CHECK(commands == std::vector<std::string>{"EVALSHA", "HMGET", "HMGET", "HINCRBY", "HGETALL",
                                                   "HINCRBY", "HSET", "PEXPIRE"});
    }
}

TEST_CASE("codes: a Redis that has forgotten the scripts gets them again", "[redis]") {
    OnRedis fixture;
    Codes codes(fixture);
    codes.issue("one");
    const auto flush_and_match = [&](const ephemeral::OtpChallenge&) {
        fixture.server.run({"SCRIPT", "FLUSH"});
        return true;
    };
    fixture.server.run({"SCRIPT", "FLUSH"});
    CHECK(codes.guess(flush_and_match, "one") == OtpVerdict::right);
}

TEST_CASE("redis: TLS wants a trusted certificate for the host, and a password the right one", "[redis]") {
    const auto url = environment("PINGD_TEST_REDISS_URL");
    const auto ca_file = environment("PINGD_TEST_REDIS_CA");
    CHECK(connects(url, ca_file));
    CHECK_FALSE(connects(url, ""));  // nobody we trust has signed it
    auto by_address = url;
    by_address.replace(url.find("localhost"), std::string("localhost").size(), "127.0.0.1");
    CHECK_FALSE(connects(by_address, ca_file));  // the certificate is for localhost

    RedisServer server;
    server.run({"ACL", "SETUSER", "ping-test", "on", ">secret:/@", "~*", "+@all"});
    auto with_user = *redis_url();
    with_user.insert(std::string("redis://").size(), "ping-test:secret%3A%2F%40@");
    CHECK(connects(with_user, ""));
    server.run({"ACL", "SETUSER", "ping-test", "resetpass", ">another"});
    CHECK_FALSE(connects(with_user, ""));
    server.run({"ACL", "DELUSER", "ping-test"});
}

}  // namespace ping::test
