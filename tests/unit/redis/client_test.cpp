#include "unit/redis/client_fixture.hpp"

#include <string>

using namespace ping;
using namespace std::chrono_literals;
using redis::Options;
using test::Connected;
using test::FakeRedis;

namespace {

bool is_unavailable(const Result<redis::Reply>& reply) {
    return !reply && reply.error().code == ErrorCode::unavailable && reply.error().retry_after.has_value();
}

/// Answers the greeting and nothing else.
std::string only_greet(const FakeRedis::Command& command) {
    return command[0] == "ECHO" ? std::string() : FakeRedis::be_friendly(command);
}

}  // namespace

TEST_CASE("redis client: a connection begins with AUTH, its name and the database", "[redis]") {
    Connected one([](Options& options) {
        options.user = "ping";
        options.password = "secret";
        options.database = 7;
    });
    REQUIRE(one.wait_until_up());
    const std::vector<FakeRedis::Command> expected{
        {"AUTH", "ping", "secret"}, {"CLIENT", "SETNAME", "pingd"}, {"SELECT", "7"}, {"PING"}};
    CHECK(one.server.commands == expected);
}

TEST_CASE("redis client: a server without CLIENT SETNAME will do, one that refuses the password will not",
          "[redis]") {
    Connected one([](Options& options) { options.password = "wrong"; });
    std::string refused = "CLIENT";
    one.server.answer = [&](const FakeRedis::Command& command) {
        return command[0] == refused ? "-ERR unknown command\r\n" : FakeRedis::be_friendly(command);
    };
    CHECK(one.wait_until_up());

    refused = "AUTH";
    one.server.cut();
    one.run_until([&] { return !one.client->is_up(); });
    one.pass(200ms);
    CHECK(one.server.connections > 1);
    CHECK_FALSE(one.client->is_up());
    CHECK(is_unavailable(one.call({"ECHO", "x"})));
}

TEST_CASE("redis client: replies come in the order of the commands, those of one turn in one piece",
          "[redis]") {
    Connected one;
    REQUIRE(one.wait_until_up());
    one.server.answer = [](const FakeRedis::Command& command) { return "+" + command[1] + "\r\n"; };
    const auto replies = test::run_all(one.loop, 1000, [&](int i) {
        const auto text = std::to_string(i);
        const std::array<std::string_view, 2> arguments{"ECHO", text};
        return one.client->call(redis::Command(arguments));
    });
    for (std::size_t i = 0; i < replies.size(); ++i) {
        REQUIRE(replies[i]);
        CHECK(replies[i]->text == std::to_string(i));
    }
}

TEST_CASE("redis client: while there is no connection calls fail at once and nothing is kept for later",
          "[redis]") {
    Connected one;
    CHECK(is_unavailable(one.call({"ECHO", "too early"})));
    REQUIRE(one.wait_until_up());
    one.server.stop();
    one.run_until([&] { return !one.client->is_up(); });
    CHECK(is_unavailable(one.call({"ECHO", "too late"})));
    for (const auto& command : one.server.commands) {
        CHECK(command[0] != "ECHO");
    }
}

TEST_CASE("redis client: a connection that breaks fails all who wait, and another one is made", "[redis]") {
    Connected one;
    one.server.answer = only_greet;
    REQUIRE(one.wait_until_up());
    one.begin("a");
    one.begin("b");
    one.run_until([&] { return one.server.commands.back() == FakeRedis::Command{"ECHO", "b"}; });
    one.server.cut();
    one.run_until([&] { return one.outcomes.size() == 2; });
    CHECK(is_unavailable(one.outcomes[0]));
    CHECK(is_unavailable(one.outcomes[1]));
    one.pass(200ms);
    CHECK(one.client->is_up());
    CHECK(one.server.connections == 2);
}

TEST_CASE("F10: no reply in time ends the connection within a second", "[redis]") {
    Connected one;
    one.server.answer = only_greet;
    REQUIRE(one.wait_until_up());
    one.begin("lost");
    one.pass(650ms);
    CHECK(one.outcomes.empty());
    one.pass(250ms);
    REQUIRE(one.outcomes.size() == 1);
    CHECK(is_unavailable(one.outcomes[0]));
}

TEST_CASE("F10: a silent connection is asked for a sign of life", "[redis]") {
    Connected one;
    REQUIRE(one.wait_until_up());
    const auto before = one.server.commands.size();
    one.pass(4900ms);
    CHECK(one.server.commands.size() == before);
    one.pass(300ms);
    REQUIRE(one.server.commands.size() == before + 1);
    CHECK(one.server.commands.back() == FakeRedis::Command{"PING"});
    CHECK(one.client->is_up());

    one.server.answer = [](const FakeRedis::Command&) { return std::string(); };
    one.pass(6000ms);
    CHECK_FALSE(one.client->is_up());
}

TEST_CASE("F13: a process that was halted reads the replies that wait before it gives up on them",
          "[redis]") {
    Connected one;
    REQUIRE(one.wait_until_up());
    one.begin("answered");
    // The clock jumps before the loop has seen the reply.
    test::run(one.loop, [&]() -> Task<bool> {
        co_await boost::asio::post(one.loop.executor(), use_task);
        one.clock.advance(30s);
        one.loop.timers().advance();
        co_return true;
    });
    one.run_until([&] { return one.outcomes.size() == 1; });
    CHECK(one.outcomes[0]);
    CHECK(one.client->is_up());
    CHECK(one.server.connections == 1);
}

TEST_CASE("F06: a replica that may not write is left, since its name may lead to the new primary",
          "[redis]") {
    Connected one;
    REQUIRE(one.wait_until_up());
    one.server.answer = [](const FakeRedis::Command& command) {
        return command[0] == "ECHO" ? "-READONLY You can't write against a read only replica.\r\n"
                                    : FakeRedis::be_friendly(command);
    };
    const auto reply = one.call({"ECHO", "x"});
    REQUIRE(reply);
    CHECK(reply->is_error("READONLY"));
    CHECK_FALSE(one.client->is_up());
    one.pass(200ms);
    CHECK(one.client->is_up());
    CHECK(one.server.connections == 2);
}

TEST_CASE("F06: a server that is still loading is not up", "[redis]") {
    Connected one;
    bool is_loading = true;
    one.server.answer = [&](const FakeRedis::Command& command) {
        return is_loading && command[0] == "PING" ? "-LOADING Redis is loading the dataset in memory\r\n"
                                                  : FakeRedis::be_friendly(command);
    };
    one.pass(1000ms);
    CHECK_FALSE(one.client->is_up());
    CHECK(one.server.connections > 1);
    is_loading = false;
    one.pass(550ms);
    CHECK(one.client->is_up());
}

TEST_CASE("redis client: bytes that are no reply, and replies to nothing, end the connection", "[redis]") {
    for (const std::string nonsense : {"HTTP/1.1 400 Bad Request\r\n\r\n", "+a\r\n+b\r\n"}) {
        Connected one;
        REQUIRE(one.wait_until_up());
        one.server.answer = [&](const FakeRedis::Command&) { return nonsense; };
        one.begin("x");
        one.run_until([&] { return !one.client->is_up() && one.outcomes.size() == 1; });
        one.server.answer = FakeRedis::be_friendly;
        one.pass(200ms);
        CHECK(one.client->is_up());
    }
}

TEST_CASE("redis client: only so many commands wait", "[redis]") {
    Connected one([](Options& options) { options.most_pending = 10; });
    one.server.answer = only_greet;
    REQUIRE(one.wait_until_up());
    for (int i = 0; i < 15; ++i) {
        one.begin(std::to_string(i));
    }
    one.run_until([&] { return one.outcomes.size() == 5; });
    for (const auto& outcome : one.outcomes) {
        CHECK(is_unavailable(outcome));
    }
    CHECK(one.client->is_up());
}

TEST_CASE("redis client: tries come again with longer waits, up to half a second", "[redis]") {
    Connected one;
    one.server.answer = [](const FakeRedis::Command&) { return "-LOADING\r\n"; };
    one.pass(10s);
    // 0.05, 0.1, 0.2, 0.4 s, then 0.5, each cut by up to half and then up to two ticks late.
    CHECK(one.server.connections >= 15);
    CHECK(one.server.connections <= 40);
}

TEST_CASE("redis client: a stop fails who waits and ends the task", "[redis]") {
    Connected one;
    one.server.answer = only_greet;
    REQUIRE(one.wait_until_up());
    one.begin("x");
    one.run_until([&] { return one.server.commands.back()[0] == "ECHO"; });
    one.client->stop();
    one.run_until([&] { return one.outcomes.size() == 1; });
    CHECK(is_unavailable(one.outcomes[0]));
    CHECK_FALSE(one.client->is_up());
    CHECK(is_unavailable(one.call({"ECHO", "y"})));
}

TEST_CASE("redis client: a host without an address is no reason to hang", "[redis]") {
    Connected one([](Options& options) { options.host = "no-such-host.invalid"; });
    one.pass(100ms);
    CHECK_FALSE(one.client->is_up());
}

TEST_CASE("redis client: a CA file that cannot be read is an error at the start", "[redis]") {
    test::FakeClock clock;
    Loop loop(clock);
    TaskGroup tasks(loop);
    test::FakeRng rng;
    Metrics metrics;
    Options options;
    options.host = "localhost";
    options.is_tls = true;
    options.ca_file = "/nowhere/ca.pem";
    const auto made = redis::Client::make(loop, tasks, rng, options, metrics);
    REQUIRE_FALSE(made);
    CHECK(made.error().message.find("redis.ca_file") != std::string::npos);
}
