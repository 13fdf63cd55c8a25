#pragma once

#include "core/config_schema.hpp"
#include "core/config_value.hpp"
#include "ping/core/config_loader.hpp"

#include <string>
#include <string_view>

namespace ping {

/// Puts settings into a LoadedConfig, one after the other: a later one replaces an earlier one. What cannot
/// be used becomes an error.
class ConfigReader {
public:
    explicit ConfigReader(LoadedConfig& loaded) : loaded_(loaded) {}

    void set(const ConfigKey& key, const ConfigValue& value, std::string origin);
    void set_text(const ConfigKey& key, std::string_view text, std::string origin);
    void set_text(std::string_view key, std::string_view text, std::string origin);
    void complain(std::string origin, std::string message);
    void complain_of_unknown(std::string_view key, std::string origin);
    bool has(std::string_view key) const { return loaded_.origins.contains(key); }

private:
    void note(const ConfigKey& key, std::string origin, std::optional<std::string> complaint);
    LoadedConfig& loaded_;
};

/// The settings of a TOML file.
void read_config_file(const std::string& path, ConfigReader& reader);
/// Those of the variables PINGD_...
void read_config_environment(const Environment& environment, ConfigReader& reader);
/// Those of the variables that the family's services use, for keys that nothing else has set.
void read_family_environment(const Environment& environment, ConfigReader& reader);
/// Complains of values that are wrong in themselves or do not go together.
void check_config(LoadedConfig& loaded);

/// ` (did you mean "x"?)` for the one of `candidates` that is spelled most like `word`; nothing when none is.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace ping
