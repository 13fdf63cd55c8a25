#pragma once

#include "core/config_schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ping {

/// A value as the file has it. Flags and the environment have only texts.
using ConfigValue = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;

/// Stores `value` in the config, or says what is wrong with it; a secret is not repeated.
std::optional<std::string> set_config_value(const ConfigKey& key, Config& config, const ConfigValue& value);
/// The same for a text from a flag or the environment: a list is comma-separated, `true` is a boolean.
std::optional<std::string> set_config_text(const ConfigKey& key, Config& config, std::string_view text);

/// The value as TOML writes it.
std::string show_config_value(const ConfigKey& key, const Config& config);
/// The kind of value in a word or two: `list of texts`, `duration`, `sqlite | mongodb`.
std::string config_type(const ConfigKey& key);
/// `1-64`, or nothing for what has no bounds.
std::string config_bounds(const ConfigKey& key);

}  // namespace ping
