#include "ping/app/cli.hpp"
#include "ping/crypto/secrets.hpp"
#include "ping/redis/options.hpp"

#include <boost/version.hpp>
#include <openssl/crypto.h>

#include <filesystem>
#include <ostream>
#include <string_view>
#include <system_error>

namespace ping::app {
namespace {

constexpr std::string_view system_config_file = "/etc/pingd/pingd.toml";

void check_secret(LoadedConfig& loaded, std::string_view key, std::string_view secret) {
    if (const auto weakness = crypto::secret_weakness(secret)) {
        loaded.complain(key, "is " + *weakness +
                                 ": make one with `openssl rand -hex 32`, or leave it out to have one made");
    }
}

}  // namespace

std::optional<std::string> choose_config_file(const Command& command, const Environment& environment) {
    if (command.config_file) {
        return command.config_file;
    }
    const auto named = environment.find("PINGD_CONFIG");
    if (named != environment.end() && !named->second.empty()) {
        return named->second;
    }
    std::error_code ignored;  // a file that cannot be looked at is as good as none
    if (std::filesystem::exists(system_config_file, ignored)) {
        return std::string(system_config_file);
    }
    return std::nullopt;
}

LoadedConfig load_checked_config(const Command& command, const Environment& environment) {
    auto loaded =
        load_config(ConfigSources{command.overrides, environment, choose_config_file(command, environment)});
    if (!loaded.config.auth.secret.empty()) {
        check_secret(loaded, "auth.secret", loaded.config.auth.secret);
    }
    // An old secret still checks tokens: who guesses it can forge them.
    for (const auto& secret : loaded.config.auth.previous_secrets) {
        check_secret(loaded, "auth.previous_secrets", secret);
    }
    // Beyond its scheme, host and port, which have been looked at.
    if (loaded.errors.empty() && !loaded.config.redis.url.empty()) {
        if (const auto options = redis::parse_url(loaded.config.redis.url); !options) {
            loaded.complain("redis.url", options.error().message);
        }
    }
    return loaded;
}

void print_config_errors(const LoadedConfig& loaded, std::ostream& err) {
    for (const auto& error : loaded.errors) {
        err << error.origin << ": " << error.message << '\n';
    }
}

int run_version(std::ostream& out) {
    constexpr unsigned patch = BOOST_VERSION % 100;
    constexpr unsigned minor = BOOST_VERSION / 100 % 1000;
    constexpr unsigned major = BOOST_VERSION / 100'000;
    out << "pingd " << PING_VERSION << "\nbuilt with " << PING_COMPILER << ", Boost " << major << '.' << minor
        << '.' << patch << "; runs on " << OpenSSL_version(OPENSSL_VERSION) << '\n';
    return exit_ok;
}

int run_check_config(const Command& command, const Environment& environment, std::ostream& out,
                     std::ostream& err) {
    const auto loaded = load_checked_config(command, environment);
    if (!loaded.errors.empty()) {
        print_config_errors(loaded, err);
        return exit_usage;
    }
    const auto file = choose_config_file(command, environment);
    out << "The settings are fine" << (file ? " (file " + *file + ")" : std::string(" (no file)")) << ".\n";
    if (!loaded.without_effect.empty()) {
        out << "Without effect in this version: " << loaded.without_effect << ".\n";
    }
    return exit_ok;
}

}  // namespace ping::app
