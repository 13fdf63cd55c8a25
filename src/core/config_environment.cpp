#include "core/config_reader.hpp"
#include "ping/core/failpoint.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <utility>

namespace ping {
namespace {

constexpr std::string_view prefix = "PINGD_";
constexpr std::string_view file_suffix = "_FILE";

/// Those that are not settings.
bool is_exempt(std::string_view name) {
#ifdef PINGD_FAILPOINTS
    if (failpoint::is_variable(name)) {
        return true;
    }
#endif
    return name.starts_with("PINGD_TEST_") || name == "PINGD_CONFIG";
}

const ConfigKey* find_by_variable(std::string_view name) {
    const auto keys = config_keys();
    const auto found =
        std::ranges::find_if(keys, [&](const ConfigKey& key) { return key.variable() == name; });
    return found == keys.end() ? nullptr : &*found;
}

/// `PINGD_AUTH__SECRET_FILE`: the value stands in the file.
void read_secret_file(const ConfigKey& key, const std::string& name, const std::string& path,
                      ConfigReader& reader) {
    const std::ifstream file(path);
    std::ostringstream text;
    if (file) {
        text << file.rdbuf();
    }
    if (!file || !text) {
        reader.complain(name, fmt::format("cannot read {}: {}", path, std::system_category().message(errno)));
        return;
    }
    auto value = text.str();
    value.erase(value.find_last_not_of(" \r\n\t") + 1);
    reader.set_text(key, value, name);
}

void read_variable(const std::string& name, const std::string& value, const Environment& environment,
                   ConfigReader& reader) {
    if (const auto* const key = find_by_variable(name)) {
        reader.set_text(*key, value, name);
        return;
    }
    if (name.ends_with(file_suffix)) {
        const auto plain = name.substr(0, name.size() - file_suffix.size());
        const auto* const key = find_by_variable(plain);
        if (key != nullptr && key->is_secret) {
            if (environment.contains(plain)) {
                reader.complain(name, fmt::format("{} is set too: use one of them", plain));
            } else {
                read_secret_file(*key, name, value, reader);
            }
            return;
        }
    }
    std::vector<std::string> names;
    std::ranges::transform(config_keys(), std::back_inserter(names), &ConfigKey::variable);
    reader.complain(name, "unknown variable" + did_you_mean(name, names));
}

std::string_view find(const Environment& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string_view() : std::string_view(found->second);
}

/// RFC 3986 §2.1, for the user and the password of a URL.
std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_unreserved = std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~';
        if (is_unreserved) {
            encoded.push_back(c);
        } else {
            encoded += fmt::format("%{:02X}", byte);
        }
    }
    return encoded;
}

void read_mail_account(const Environment& environment, ConfigReader& reader) {
    const auto user = find(environment, "EMAIL_USER");
    const auto password = find(environment, "EMAIL_PASSWORD");
    if (user.empty() || password.empty() || reader.has("mail.smtp_url")) {
        return;
    }
    reader.set_text(
        "mail.smtp_url",
        fmt::format("smtps://{}:{}@smtp.gmail.com:465", percent_encoded(user), percent_encoded(password)),
        "EMAIL_USER");
    if (!reader.has("mail.from")) {
        reader.set_text("mail.from", fmt::format("Ping <{}>", user), "EMAIL_USER");
    }
}

struct FamilyEngine {
    std::string_view variable;
    std::string_view before, after;  // make a URL of the variable
    std::string_view url_key;
    std::string_view engine_key;
    std::string_view engine;
};
constexpr std::array<FamilyEngine, 3> family_engines{{
    {"MONGO_URI", "", "", "mongo.uri", "store.engine", "mongodb"},
    {"REDIS_URL", "", "", "redis.url", "codes.engine", "redis"},
    {"RABBITMQ_HOST", "amqp://", ":5672", "rabbitmq.url", "jobs.engine", "rabbitmq"},
}};

}  // namespace

void read_config_environment(const Environment& environment, ConfigReader& reader) {
    for (const auto& [name, value] : environment) {
        if (name.starts_with(prefix) && !is_exempt(name)) {
            read_variable(name, value, environment, reader);
        }
    }
}

void read_family_environment(const Environment& environment, ConfigReader& reader) {
    for (const auto& row : family_engines) {
        const auto value = find(environment, row.variable);
        if (value.empty()) {
            continue;
        }
        if (!reader.has(row.url_key)) {
            reader.set_text(row.url_key, fmt::format("{}{}{}", row.before, value, row.after),
                            std::string(row.variable));
        }
        if (!reader.has(row.engine_key)) {
            reader.set_text(row.engine_key, row.engine, std::string(row.variable));
        }
    }
    read_mail_account(environment, reader);
    const auto port = find(environment, "PORT");
    if (!port.empty() && !reader.has("server.listen")) {
        reader.set_text("server.listen", fmt::format("127.0.0.1:{}", port), "PORT");
    }
}

}  // namespace ping
