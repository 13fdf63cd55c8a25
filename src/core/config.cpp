#include "core/config_reader.hpp"
#include "core/config_value.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <unistd.h>

namespace ping {
namespace {

/// Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

/// Other users of the machine see the arguments of a process.
bool would_show_secret(const ConfigOverride& setting) {
    const auto* const key = find_config_key(setting.key);
    const bool is_plain_url =
        setting.value.find("://") != std::string::npos && setting.value.find('@') == std::string::npos;
    return key != nullptr && key->is_secret && !setting.value.empty() && !is_plain_url;
}

void read_overrides(const std::vector<ConfigOverride>& overrides, ConfigReader& reader) {
    for (const auto& setting : overrides) {
        if (would_show_secret(setting)) {
            reader.complain(setting.origin,
                            "a secret in a flag can be seen by other users: use the environment or the file");
            continue;
        }
        reader.set_text(setting.key, setting.value, setting.origin);
    }
}

void note_without_effect(LoadedConfig& loaded) {
    const Config defaults;
    for (const auto& key : config_keys()) {
        if (!key.has_effect && show_config_value(key, loaded.config) != show_config_value(key, defaults)) {
            loaded.without_effect += (loaded.without_effect.empty() ? "" : ", ") + std::string(key.name);
        }
    }
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    const auto nearest = std::ranges::min_element(
        candidates, {}, [&](const std::string& candidate) { return distance(word, candidate); });
    if (nearest == candidates.end() || distance(word, *nearest) > std::max<std::size_t>(2, word.size() / 4)) {
        return {};
    }
    return fmt::format(" (did you mean \"{}\"?)", *nearest);
}

void ConfigReader::set(const ConfigKey& key, const ConfigValue& value, std::string origin) {
    note(key, std::move(origin), set_config_value(key, loaded_.config, value));
}

void ConfigReader::set_text(const ConfigKey& key, std::string_view text, std::string origin) {
    note(key, std::move(origin), set_config_text(key, loaded_.config, text));
}

void ConfigReader::set_text(std::string_view key, std::string_view text, std::string origin) {
    const auto* const row = find_config_key(key);
    if (row != nullptr) {
        set_text(*row, text, std::move(origin));
        return;
    }
    complain_of_unknown(key, std::move(origin));
}

void ConfigReader::complain_of_unknown(std::string_view key, std::string origin) {
    std::vector<std::string> names;
    for (const auto& row : config_keys()) {
        names.emplace_back(row.name);
    }
    complain(std::move(origin), fmt::format("unknown key \"{}\"{}", key, did_you_mean(key, names)));
}

void ConfigReader::complain(std::string origin, std::string message) {
    loaded_.errors.push_back(ConfigError{std::move(origin), std::move(message)});
}

void ConfigReader::note(const ConfigKey& key, std::string origin, std::optional<std::string> complaint) {
    loaded_.origins.insert_or_assign(std::string(key.name), origin);
    if (complaint) {
        complain(std::move(origin), std::move(*complaint));
    }
}

Environment process_environment() {
    Environment environment;
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos) {
            environment.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return environment;
}

std::string LoadedConfig::origin_of(std::string_view key) const {
    const auto found = origins.find(key);
    return found == origins.end() ? "default" : found->second;
}

void LoadedConfig::complain(std::string_view key, std::string_view message) {
    errors.push_back(ConfigError{origin_of(key), fmt::format("{} {}", key, message)});
}

LoadedConfig load_config(const ConfigSources& sources) {
    LoadedConfig loaded;
    ConfigReader reader(loaded);
    if (sources.file) {
        read_config_file(*sources.file, reader);
    }
    read_config_environment(sources.environment, reader);
    read_overrides(sources.overrides, reader);
    read_family_environment(sources.environment, reader);
    check_config(loaded);
    note_without_effect(loaded);
    return loaded;
}

}  // namespace ping
