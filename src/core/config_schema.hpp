#pragma once

#include "ping/core/config.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ping {

/// Where in a Config a setting lives. The type says how it is read and shown: a std::size_t is a size in
/// bytes, an int a plain number.
using ConfigSlot = std::variant<std::string*, std::vector<std::string>*, int*, std::size_t*,
                                std::chrono::seconds*, bool*, Mode*, LogFormat*, LogLevel*>;

/// One row of the table of settings. Defaults are those of a fresh Config.
struct ConfigKey {
    std::string_view name;  ///< `section.key`
    ConfigSlot (*slot)(Config&);
    std::string_view doc;
    std::int64_t least = 0;  ///< of numbers, in the slot's unit
    std::int64_t most = 0;
    std::vector<std::string_view> choices{};  ///< of texts; empty: any text
    std::vector<std::string_view> planned{};  ///< choices that this version does not have
    bool is_secret = false;                   ///< never shown; can be read from the file `..._FILE` names
    bool has_effect = true;                   ///< false: nothing in this version goes by it yet

    std::string_view section() const { return name.substr(0, name.find('.')); }
    std::string_view key() const { return name.substr(name.find('.') + 1); }
    /// `PINGD_SERVER__LISTEN`
    std::string variable() const;
};

/// Every setting, by section.
std::span<const ConfigKey> config_keys();
/// Null when there is no such key.
const ConfigKey* find_config_key(std::string_view name);

}  // namespace ping
