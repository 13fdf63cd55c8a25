#include "ping/redis/script.hpp"

#include "unit/redis/client_fixture.hpp"

#include <algorithm>

using namespace ping;
using test::Connected;
using test::FakeRedis;

namespace {

const std::string hash = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db";  // SHA-1 of `return 1`

Result<redis::Reply> run_script(Connected& one) {
    redis::Script script("return 1");
    const std::array<std::string_view, 1> keys{"key"};
    const std::array<std::string_view, 2> arguments{"a", "b"};
    return test::run(one.loop, [&] { return script.run(*one.client, keys, arguments); });
}

}  // namespace

TEST_CASE("redis script: it is called by its hash, with keys and arguments", "[redis]") {
    Connected one;
    REQUIRE(one.wait_until_up());
    one.server.answer = [](const FakeRedis::Command&) { return ":1\r\n"; };
    const auto reply = run_script(one);
    REQUIRE(reply);
    CHECK(reply->integer == 1);
    CHECK(one.server.commands.back() == FakeRedis::Command{"EVALSHA", hash, "1", "key", "a", "b"});
}

TEST_CASE("redis script: a server that does not know it gets its text", "[redis]") {
    Connected one;
    REQUIRE(one.wait_until_up());
    one.server.answer = [](const FakeRedis::Command& command) {
        return command[0] == "EVALSHA" ? "-NOSCRIPT No matching script. Please use EVAL.\r\n" : ":1\r\n";
    };
    REQUIRE(run_script(one));
    CHECK(one.server.commands.back() == FakeRedis::Command{"EVAL", "return 1", "1", "key", "a", "b"});
}

TEST_CASE("redis script: many calls that meet a server without it send its text once", "[redis]") {
    Connected one;
    REQUIRE(one.wait_until_up());
    bool is_known = false;
    one.server.answer = [&](const FakeRedis::Command& command) {
        is_known = is_known || command[0] == "EVAL";
        return is_known ? ":1\r\n" : "-NOSCRIPT No matching script. Please use EVAL.\r\n";
    };
    redis::Script script("return 1");
    constexpr int calls = 1000;
    for (const auto& reply :
         test::run_all(one.loop, calls, [&](int) { return script.run(*one.client, {}, {}); })) {
        REQUIRE(reply);
    }
    CHECK(std::ranges::count(one.server.commands, "EVAL", [](const auto& command) { return command[0]; }) ==
          1);
    // What was sent may be lost: the next call does not count on it.
    is_known = false;
    CHECK(run_script(one));
}

TEST_CASE("redis script: errors of Redis come as errors", "[redis]") {
    Connected one;
    REQUIRE(one.wait_until_up());
    std::string error;
    one.server.answer = [&](const FakeRedis::Command&) { return "-" + error + "\r\n"; };
    error = "OOM command not allowed when used memory > 'maxmemory'.";
    CHECK(run_script(one).error().code == ErrorCode::unavailable);
    error = "ERR user_script:1: bad argument";
    CHECK(run_script(one).error().code == ErrorCode::internal);
    one.server.answer = [&](const FakeRedis::Command& command) {
        return command[0] == "EVALSHA" ? "-NOSCRIPT\r\n" : "-BUSY Redis is busy running a script.\r\n";
    };
    CHECK(run_script(one).error().code == ErrorCode::unavailable);
}
