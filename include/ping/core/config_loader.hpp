#pragma once

#include "ping/core/config.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ping {

/// One thing that is wrong with the settings. `origin` says where to look: `pingd.toml:12:3`,
/// `PINGD_MAIL__FROM`, `--listen`. No message holds a secret.
struct ConfigError {
    std::string origin;
    std::string message;
};

/// A setting given by a flag.
struct ConfigOverride {
    std::string key;  ///< `server.listen`
    std::string value;
    std::string origin;  ///< the flag as typed
};

using Environment = std::map<std::string, std::string, std::less<>>;
Environment process_environment();

/// Where settings come from. A flag counts more than the environment, that more than the file, that more
/// than the family's variables (docs/configuration.md), and those more than the defaults.
struct ConfigSources {
    std::vector<ConfigOverride> overrides;
    Environment environment;
    std::optional<std::string> file;  ///< TOML; must be readable when given
};

struct LoadedConfig {
    Config config;
    std::vector<ConfigError> errors;  ///< all of them; the config is fit for use when there is none
    std::map<std::string, std::string, std::less<>> origins;  ///< of each key that was set
    /// The keys that are set to something that this version does not go by yet, comma-separated.
    std::string without_effect;

    /// Where `key` was set; "default" when nowhere.
    std::string origin_of(std::string_view key) const;
    void complain(std::string_view key, std::string_view message);
};

/// Reads and checks the settings, the secrets' strength excepted (app/cli.hpp does that: it takes crypto).
LoadedConfig load_config(const ConfigSources& sources);

/// config/pingd.toml: every key, commented out, with its default and what it does.
std::string render_config_file();
/// docs/configuration.md.
std::string render_config_docs();

}  // namespace ping
