#include "ping/app/cli.hpp"

#include "support/temp_file.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

using namespace ping;
using namespace ping::app;

namespace {

struct Run {
    CommandLine line;
    std::string out, err;
};

Run parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "pingd");
    std::ostringstream out;
    std::ostringstream err;
    auto line = parse_command_line(static_cast<int>(arguments.size()), arguments.data(), out, err);
    return Run{std::move(line), out.str(), err.str()};
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::size_t widest_line(const std::string& text) {
    std::istringstream lines(text);
    std::size_t widest = 0;
    for (std::string line; std::getline(lines, line);) {
        widest = std::max(widest, line.size());
    }
    return widest;
}

}  // namespace

TEST_CASE("cli: flags become settings, named by the flag", "[app]") {
    const auto run =
        parse({"serve", "--config", "a.toml", "--listen", "127.0.0.1:9000", "--data-dir=/d", "--log-format",
               "json", "--log-level", "debug", "--set", "limits.per_ip=0", "--set", "mail.from=A=B <a@b.c>"});
    REQUIRE(run.line.command);
    const auto& command = *run.line.command;
    CHECK(command.kind == CommandKind::serve);
    CHECK(command.config_file == "a.toml");
    const auto loaded = load_config(ConfigSources{command.overrides, {}, std::nullopt});
    CHECK(loaded.errors.empty());
    CHECK(loaded.config.server.listen == std::vector<std::string>{"127.0.0.1:9000"});
    CHECK(loaded.config.data.dir == "/d");
    CHECK(loaded.config.log.format == LogFormat::json);
    CHECK(loaded.config.log.level == LogLevel::debug);
    CHECK(loaded.config.limits.per_ip == 0);
    CHECK(loaded.config.mail.from == "A=B <a@b.c>");
    CHECK(loaded.origin_of("server.listen") == "--listen");
    CHECK(loaded.origin_of("limits.per_ip") == "--set limits.per_ip");
}

TEST_CASE("cli: every command is understood", "[app]") {
    CHECK(parse({"version"}).line.command->kind == CommandKind::version);
    CHECK(parse({"check-config"}).line.command->kind == CommandKind::check_config);
    const auto worker = parse({"worker", "--queue", "send-otp", "--log-level", "debug"});
    CHECK(worker.line.command.value().kind == CommandKind::worker);
    const auto health = parse({"healthcheck", "--wait", "30", "--set", "server.listen=127.0.0.1:1"});
    REQUIRE(health.line.command);
    CHECK(health.line.command->kind == CommandKind::healthcheck);
    CHECK(health.line.command->wait == std::chrono::seconds(30));
}

TEST_CASE("cli: help fits a screen, with examples", "[app]") {
    const auto run = parse({"--help"});
    CHECK_FALSE(run.line.command);
    CHECK(run.line.exit_code == exit_ok);
    CHECK(has(run.out, "Examples:"));
    CHECK(std::count(run.out.begin(), run.out.end(), '\n') <= 24);
    CHECK(widest_line(run.out) <= 80);
    for (const auto* const command : {"serve", "worker", "check-config", "healthcheck", "version"}) {
        CHECK(has(run.out, command));
        const auto own = parse({command, "--help"});
        CHECK(own.line.exit_code == exit_ok);
        CHECK(has(own.out, std::string("Usage: pingd ") + command));
        CHECK(std::count(own.out.begin(), own.out.end(), '\n') <= 24);
        CHECK(widest_line(own.out) <= 80);
    }
}

TEST_CASE("cli: bad usage is exit code 2 and a word on standard error", "[app]") {
    const std::vector<std::vector<const char*>> bad{
        {},
        {"frobnicate"},
        {"serve", "--frobnicate"},
        {"worker"},
        {"worker", "--queue", "orders"},
        {"serve", "extra"},
        {"serve", "version"},
        {"serve", "--set", "server.mode"},
        {"serve", "--set"},
        {"serve", "--config"},
        {"healthcheck", "--wait", "long"},
        {"healthcheck", "--wait", "-1"},
    };
    for (const auto& arguments : bad) {
        INFO((arguments.empty() ? "nothing" : arguments.back()));
        const auto run = parse(arguments);
        CHECK_FALSE(run.line.command);
        CHECK(run.line.exit_code == exit_usage);
        CHECK(has(run.err, "pingd: "));
        CHECK(run.out.empty());
    }
}

TEST_CASE("cli: the file is that of --config, then that of PINGD_CONFIG", "[app]") {
    Command command;
    const Environment environment{{"PINGD_CONFIG", "/e.toml"}};
    CHECK(choose_config_file(command, environment) == "/e.toml");
    command.config_file = "/f.toml";
    CHECK(choose_config_file(command, environment) == "/f.toml");
}

TEST_CASE("cli: check-config lists what is wrong with the place", "[app]") {
    const test::TempFile file("pingd.toml", "[server]\nmode = \"prod\"\nlistn = []\n");
    Command command;
    command.config_file = file.path();
    std::ostringstream out;
    std::ostringstream err;
    CHECK(run_check_config(command, {{"PINGD_MAIL__FROM", "x"}}, out, err) == exit_usage);
    CHECK(has(err.str(), file.path() + ":2:8: server.mode must be one of development, production\n"));
    CHECK(has(err.str(),
              file.path() + ":3:1: unknown key \"server.listn\" (did you mean \"server.listen\"?)\n"));
    CHECK(has(err.str(), "PINGD_MAIL__FROM: mail.from must be an address"));
    CHECK(out.str().empty());
}

TEST_CASE("cli: check-config says so when all is well", "[app]") {
    const test::TempFile file("pingd.toml", "[log]\nlevel = \"debug\"\n");
    Command command;
    command.config_file = file.path();
    std::ostringstream out;
    std::ostringstream err;
    CHECK(run_check_config(command, {}, out, err) == exit_ok);
    CHECK(out.str() == "The settings are fine (file " + file.path() + ").\n");
    CHECK(err.str().empty());
}

TEST_CASE("cli: check-config knows what may stand in redis.url", "[app]") {
    const auto errors_of = [](const Environment& environment) {
        std::ostringstream out;
        std::ostringstream err;
        const int code = run_check_config(Command(), environment, out, err);
        CHECK((code == exit_ok) == err.str().empty());
        return err.str();
    };
    CHECK(errors_of({{"PINGD_CODES__ENGINE", "redis"}, {"PINGD_REDIS__URL", "rediss://:canary@h:1/2"}})
              .empty());
    CHECK(errors_of({{"PINGD_CODES__ENGINE", "redis"}}) ==
          "PINGD_CODES__ENGINE: codes.engine is redis, so redis.url must say where Redis is\n");
    CHECK(errors_of({{"PINGD_REDIS__URL", "redis://:canary@h/cache"}}) ==
          "PINGD_REDIS__URL: redis.url may have nothing but the number of a database behind the host\n");
}

TEST_CASE("T22: cli: a weak secret is exit code 2 in every mode and is not shown", "[app]") {
    for (const auto* const mode : {"development", "production"}) {
        for (const auto* const name : {"PINGD_AUTH__SECRET", "PINGD_AUTH__PREVIOUS_SECRETS"}) {
            std::ostringstream out;
            std::ostringstream err;
            const Environment environment{
                {name, "hunter2canary"}, {"PINGD_SERVER__MODE", mode}, {"PINGD_MAIL__SMTP_URL", "smtps://h"}};
            CHECK(run_check_config(Command(), environment, out, err) == exit_usage);
            CHECK(has(err.str(), std::string(name) + ": auth."));
            CHECK(has(err.str(), "shorter than 32 bytes"));
            CHECK_FALSE(has(err.str() + out.str(), "canary"));
        }
    }
}

TEST_CASE("cli: version names the program and its number", "[app]") {
    std::ostringstream out;
    CHECK(run_version(out) == exit_ok);
    CHECK(out.str().starts_with("pingd 0."));
    CHECK(has(out.str(), "Boost 1.81.0"));
}
