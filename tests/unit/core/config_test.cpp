#include "core/config_value.hpp"
#include "ping/core/config_loader.hpp"
#include "support/temp_file.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace ping;
using test::TempFile;

namespace {

LoadedConfig load_text(const std::string& toml, Environment environment = {},
                       std::vector<ConfigOverride> overrides = {}) {
    const TempFile file("pingd.toml", toml);
    return load_config(ConfigSources{std::move(overrides), std::move(environment), file.path()});
}

LoadedConfig load_environment(Environment environment) {
    return load_config(ConfigSources{{}, std::move(environment), std::nullopt});
}

/// The errors as lines, each file named by its last part.
std::string errors_of(const LoadedConfig& loaded) {
    std::string text;
    for (const auto& error : loaded.errors) {
        const auto slash = error.origin.rfind('/');
        text += error.origin.substr(slash == std::string::npos ? 0 : slash + 1) + ": " + error.message + "\n";
    }
    return text;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("config: nothing given means the defaults", "[config]") {
    const auto loaded = load_config(ConfigSources());
    CHECK(loaded.errors.empty());
    CHECK(loaded.config.server.listen == std::vector<std::string>{"127.0.0.1:8080"});
    CHECK(loaded.origin_of("server.listen") == "default");
}

TEST_CASE("config: a flag counts more than the environment, that more than the file", "[config]") {
    const std::string toml = "[log]\nlevel = \"debug\"\nformat = \"json\"\n[data]\ndir = \"/file\"\n";
    const auto loaded = load_text(toml, {{"PINGD_LOG__LEVEL", "warn"}, {"PINGD_DATA__DIR", "/environment"}},
                                  {{"data.dir", "/flag", "--data-dir"}});
    CHECK(errors_of(loaded).empty());
    CHECK(loaded.config.log.format == LogFormat::json);
    CHECK(loaded.config.log.level == LogLevel::warn);
    CHECK(loaded.config.data.dir == "/flag");
    CHECK(loaded.origin_of("data.dir") == "--data-dir");
    CHECK(loaded.origin_of("log.level") == "PINGD_LOG__LEVEL");
    CHECK(loaded.origin_of("log.format").ends_with("pingd.toml:3:10"));
}

TEST_CASE("config: every kind of value is read from the file", "[config]") {
    const auto loaded = load_text(R"([server]
listen = ["127.0.0.1:1", "[::1]:2"]
[auth]
token_lifetime = "2h"
[limits]
per_ip = 0
header_bytes = "16KiB"
upload_bytes = 2048
write_stall = 7
[compat]
trust_query_user_id = true
)");
    CHECK(errors_of(loaded).empty());
    const auto& config = loaded.config;
    CHECK(config.server.listen == std::vector<std::string>{"127.0.0.1:1", "[::1]:2"});
    CHECK(config.auth.token_lifetime == std::chrono::hours(2));
    CHECK(config.limits.per_ip == 0);
    CHECK(config.limits.header_bytes == 16 * 1024);
    CHECK(config.limits.upload_bytes == 2048);
    CHECK(config.limits.write_stall == std::chrono::seconds(7));
    CHECK(config.compat.trust_query_user_id);
}

TEST_CASE("config: the environment's lists are comma-separated", "[config]") {
    const auto loaded = load_environment({{"PINGD_SERVER__LISTEN", "127.0.0.1:1, [::1]:2"},
                                          {"PINGD_LIMITS__JSON_BYTES", "1MiB"},
                                          {"PINGD_COMPAT__TRUST_QUERY_USER_ID", "true"}});
    CHECK(errors_of(loaded).empty());
    CHECK(loaded.config.server.listen == std::vector<std::string>{"127.0.0.1:1", "[::1]:2"});
    CHECK(loaded.config.limits.json_bytes == 1024 * 1024);
    CHECK(loaded.config.compat.trust_query_user_id);
}

TEST_CASE("config: an unknown key is an error with its place and a suggestion", "[config]") {
    const auto loaded = load_text("[server]\nlistn = [\"127.0.0.1:1\"]\nxyzzy = 1\n\n[data.more]\na = 1\n");
    CHECK(errors_of(loaded) ==
          "pingd.toml:5:7: unknown key \"data.more\"\n"
          "pingd.toml:2:1: unknown key \"server.listn\" (did you mean \"server.listen\"?)\n"
          "pingd.toml:3:1: unknown key \"server.xyzzy\"\n");
    CHECK(has(errors_of(load_text("listen = 1\n")), "pingd.toml:1:1: \"listen\" must stand in a section"));
}

TEST_CASE("config: an unknown variable is an error but for those of tests and tools", "[config]") {
    CHECK(errors_of(load_environment({{"PINGD_SERVER_LISTEN", "x"}})) ==
          "PINGD_SERVER_LISTEN: unknown variable (did you mean \"PINGD_SERVER__LISTEN\"?)\n");
    CHECK(
        load_environment({{"PINGD_TEST_REDIS", "x"}, {"PINGD_CONFIG", "x"}, {"OTHER", "x"}}).errors.empty());
#ifdef PINGD_FAILPOINTS
    CHECK(load_environment({{"PINGD_FAILPOINT", "x"}}).errors.empty());
#else
    CHECK_FALSE(load_environment({{"PINGD_FAILPOINT", "x"}}).errors.empty());
#endif
    CHECK(has(errors_of(load_config(ConfigSources{{{"server.mod", "x", "--set server.mod"}}, {}, {}})),
              "--set server.mod: unknown key \"server.mod\" (did you mean \"server.mode\"?)"));
}

TEST_CASE("config: a bad value is an error with its place", "[config]") {
    const auto text = errors_of(load_text(R"([server]
listen = "127.0.0.1:1"
mode = "prod"
[limits]
per_ip = -1
header_bytes = "16KB"
keep_alive = 1.5
[mail]
workers = "8"
from = "a\nb@c"
[compat]
trust_query_user_id = "true"
)"));
    CHECK(has(text, "pingd.toml:2:10: server.listen must be a list of texts\n"));
    CHECK(has(text, "pingd.toml:3:8: server.mode must be one of development, production\n"));
    CHECK(has(text, "pingd.toml:5:10: limits.per_ip must be from 0 to 1000000\n"));
    CHECK(has(text, "pingd.toml:6:16: limits.header_bytes must be a size"));
    CHECK(has(text, "pingd.toml:7:14: limits.keep_alive must be a duration"));
    CHECK(has(text, "pingd.toml:9:11: mail.workers must be a number\n"));
    CHECK(has(text, "pingd.toml:10:8: mail.from must be UTF-8 without control characters\n"));
    CHECK(has(text, "pingd.toml:12:23: compat.trust_query_user_id must be a boolean"));
    CHECK(has(errors_of(load_environment({{"PINGD_LIMITS__PER_IP", "99999999999999999999"}})),
              "PINGD_LIMITS__PER_IP: limits.per_ip must be a number"));
    CHECK(has(errors_of(load_environment({{"PINGD_AUTH__TOKEN_LIFETIME", "9223372036854775807d"}})),
              "PINGD_AUTH__TOKEN_LIFETIME: auth.token_lifetime must be a duration"));
}

TEST_CASE("config: broken TOML and a missing file are errors with their place", "[config]") {
    CHECK(has(errors_of(load_text("[server]\nmode = \n")), "pingd.toml:2:"));
    const auto loaded = load_config(ConfigSources{{}, {}, "/nowhere/pingd.toml"});
    REQUIRE(loaded.errors.size() == 1);
    CHECK(loaded.errors.front().origin == "/nowhere/pingd.toml");
}

TEST_CASE("config: an engine that this version lacks is refused where it is named", "[config]") {
    CHECK(errors_of(load_text("[store]\nengine = \"mongodb\"\n")) ==
          "pingd.toml:2:10: store.engine = \"mongodb\" is not part of this version: use \"sqlite\"\n");
    for (const auto* const text : {"[bus]\nengine = \"redis\"", "[blobs]\nengine = \"s3\""}) {
        CHECK(has(errors_of(load_text(text)), "is not part of this version"));
    }
}

TEST_CASE("config: the family's variables select their engine unless one is set", "[config]") {
    const auto chosen = errors_of(load_environment({{"MONGO_URI", "mongodb://h/d"}}));
    CHECK(has(chosen, "MONGO_URI: store.engine = \"mongodb\" is not part"));
    const auto redis = load_environment({{"REDIS_URL", "redis://h"}});
    CHECK(errors_of(redis).empty());
    CHECK(redis.config.codes.engine == "redis");
    CHECK(redis.config.redis.url == "redis://h");
    const auto rabbitmq = load_environment({{"RABBITMQ_HOST", "h"}});
    CHECK(errors_of(rabbitmq).empty());
    CHECK(rabbitmq.config.jobs.engine == "rabbitmq");
    CHECK(has(errors_of(load_text("[jobs]\nengine = \"rabbitmq\"\n")), "rabbitmq.url must say where"));
    const auto set = load_environment({{"MONGO_URI", "mongodb://h/d"},
                                       {"RABBITMQ_HOST", "h"},
                                       {"PINGD_STORE__ENGINE", "sqlite"},
                                       {"PINGD_JOBS__ENGINE", "sqlite"}});
    CHECK(errors_of(set).empty());
    CHECK(set.config.mongo.uri == "mongodb://h/d");
    CHECK(set.config.rabbitmq.url == "amqp://h:5672");
}

TEST_CASE("config: the family's mail account and port count where nothing else is set", "[config]") {
    const Environment family{{"EMAIL_USER", "me@gmail.com"}, {"EMAIL_PASSWORD", "a b/c"}, {"PORT", "5002"}};
    const auto loaded = load_environment(family);
    CHECK(errors_of(loaded).empty());
    CHECK(loaded.config.mail.smtp_url == "smtps://me%40gmail.com:a%20b%2Fc@smtp.gmail.com:465");
    CHECK(loaded.config.mail.from == "Ping <me@gmail.com>");
    CHECK(loaded.config.server.listen == std::vector<std::string>{"127.0.0.1:5002"});
    auto more = family;
    more["PINGD_MAIL__SMTP_URL"] = "smtp://127.0.0.1:25";
    more["PINGD_SERVER__LISTEN"] = "127.0.0.1:1";
    const auto set = load_environment(more);
    CHECK(set.config.mail.smtp_url == "smtp://127.0.0.1:25");
    CHECK(set.config.server.listen == std::vector<std::string>{"127.0.0.1:1"});
    CHECK(has(errors_of(load_environment({{"PORT", "http"}})), "PORT: server.listen has \"127.0.0.1:http\""));
}

TEST_CASE("config: a secret can stand in a file that a variable names", "[config]") {
    const TempFile secret("secret", "from-the-file\n");
    const auto loaded = load_environment({{"PINGD_METRICS__TOKEN_FILE", secret.path()}});
    CHECK(errors_of(loaded).empty());
    CHECK(loaded.config.metrics.token == "from-the-file");
    CHECK(loaded.origin_of("metrics.token") == "PINGD_METRICS__TOKEN_FILE");
    CHECK(has(errors_of(load_environment({{"PINGD_METRICS__TOKEN_FILE", "/nowhere"}})),
              "cannot read /nowhere"));
    CHECK(has(errors_of(load_environment(
                  {{"PINGD_METRICS__TOKEN_FILE", secret.path()}, {"PINGD_METRICS__TOKEN", "x"}})),
              "PINGD_METRICS__TOKEN is set too"));
    CHECK(has(errors_of(load_environment({{"PINGD_DATA__DIR_FILE", secret.path()}})), "unknown variable"));
    const auto ca_file = load_environment({{"PINGD_MAIL__CA_FILE", "/ca.pem"}});
    CHECK(ca_file.config.mail.ca_file == "/ca.pem");
}

TEST_CASE("T19: config: a secret is not taken from a flag and never repeated in a message", "[config]") {
    const auto flag =
        load_config(ConfigSources{{{"auth.secret", "canary-314159", "--set auth.secret"}}, {}, {}});
    CHECK(has(errors_of(flag), "--set auth.secret: a secret in a flag"));
    CHECK_FALSE(has(errors_of(flag), "canary"));
    const auto url =
        load_config(ConfigSources{{{"mail.smtp_url", "smtp://127.0.0.1:25", "--set mail.smtp_url"}}, {}, {}});
    CHECK(errors_of(url).empty());
    const auto bad = load_environment({{"PINGD_MAIL__SMTP_URL", "smtp://u:canary@[h"},
                                       {"PINGD_REDIS__URL", "http://u:canary@h"},
                                       {"PINGD_AUTH__SECRET", "canary\x01"}});
    CHECK(bad.errors.size() == 3);
    CHECK_FALSE(has(errors_of(bad), "canary"));
}

TEST_CASE("config: a public address without SMTP is refused", "[config]") {
    for (const auto* const address : {"0.0.0.0:80", "[::]:80", "192.0.2.1:80"}) {
        const auto refused =
            load_environment({{"PINGD_SERVER__LISTEN", std::string("127.0.0.1:1,") + address}});
        REQUIRE(refused.errors.size() == 1);
        CHECK(refused.errors.front().origin == "PINGD_SERVER__LISTEN");
        CHECK(has(refused.errors.front().message, "dev mailbox"));
        CHECK(load_environment(
                  {{"PINGD_SERVER__LISTEN", address}, {"PINGD_MAIL__SMTP_URL", "smtps://u:p@h:465"}})
                  .errors.empty());
    }
    CHECK(has(errors_of(load_environment({{"PINGD_SERVER__MODE", "production"}})), "PINGD_SERVER__MODE: "));
}

TEST_CASE("config: URLs, origins and proxies are checked", "[config]") {
    const auto is_good = [](const std::string& name, const std::string& value) {
        return load_environment({{name, value}}).errors.empty();
    };
    CHECK(is_good("PINGD_SERVER__CORS_ORIGINS", "https://a.example,http://localhost:3000"));
    for (const auto* const bad : {"*", "a.example", "https://a.example/", "https://a.example/x",
                                  "ftp://a.example", "https://u@a.example", "https://", "https://a:0"}) {
        INFO(bad);
        CHECK_FALSE(is_good("PINGD_SERVER__CORS_ORIGINS", bad));
        CHECK_FALSE(is_good("PINGD_SERVER__PUBLIC_URL", bad));
    }
    CHECK(is_good("PINGD_SERVER__TRUSTED_PROXIES", "10.0.0.0/8,::1"));
    CHECK_FALSE(is_good("PINGD_SERVER__TRUSTED_PROXIES", "10.0.0.0/40"));
    CHECK(is_good("PINGD_MAIL__SMTP_URL", "smtp://user:p%40ss@mail.example.org:587"));
    CHECK(is_good("PINGD_MAIL__SMTP_URL", "smtps://mail.example.org"));
    for (const auto* const bad : {"mail.example.org:25", "http://mail.example.org", "smtp://", "smtp://h/x",
                                  "smtp://h:99999", "smtp://h?x=1"}) {
        INFO(bad);
        CHECK_FALSE(is_good("PINGD_MAIL__SMTP_URL", bad));
    }
    CHECK_FALSE(is_good("PINGD_MAIL__FROM", "nobody"));
    CHECK_FALSE(is_good("PINGD_DATA__DIR", ""));
    CHECK_FALSE(is_good("PINGD_SERVER__LISTEN", ""));
    CHECK_FALSE(is_good("PINGD_SERVER__LISTEN", "8080"));
}

TEST_CASE("config: every default is within its bounds and reads back as shown", "[config]") {
    for (const auto& key : config_keys()) {
        INFO(key.name);
        Config config;
        const auto shown = show_config_value(key, config);
        const auto loaded = load_text("[" + std::string(key.section()) + "]\n" + std::string(key.key()) +
                                      " = " + shown + "\n");
        CHECK(errors_of(loaded).empty());
        CHECK(show_config_value(key, loaded.config) == shown);
    }
}

TEST_CASE("config: settings that nothing goes by yet are named when they are set, and only then") {
    CHECK(load_text("").without_effect.empty());
    std::string all;
    for (const auto& key : config_keys()) {
        if (!key.has_effect) {
            all += std::string(key.name) + " ";
        }
    }
    const auto loaded =
        load_text("[admin]\nemails = [\"ana@example.com\"]\n[node]\nid = \"\"\n[limits]\nper_ip = 7\n");
    CHECK(loaded.errors.empty());
    CHECK(loaded.without_effect == (has(all, "admin.emails") ? "admin.emails" : ""));
    if (has(all, "shop.reserve_ttl") && has(all, "node.url")) {
        CHECK(load_environment({{"PINGD_SHOP__RESERVE_TTL", "15m"}, {"PINGD_NODE__URL", "http://a"}})
                  .without_effect == "shop.reserve_ttl, node.url");
    }
}
