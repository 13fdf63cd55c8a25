#include "core/config_value.hpp"

#include "ping/core/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>

namespace ping {
namespace {

using Complaint = std::optional<std::string>;

struct Unit {
    std::string_view name;
    std::int64_t size;
};
constexpr std::array<Unit, 5> time_units{{{"d", 86'400}, {"h", 3'600}, {"m", 60}, {"s", 1}, {"", 1}}};
constexpr std::array<Unit, 4> size_units{{{"MiB", 1'048'576}, {"KiB", 1'024}, {"B", 1}, {"", 1}}};

/// `90`, `15d`, `64KiB`.
std::optional<std::int64_t> parse_quantity(std::string_view text, std::span<const Unit> units) {
    std::int64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc()) {
        return std::nullopt;
    }
    auto name = std::string_view(stop, static_cast<std::size_t>(end - stop));
    name.remove_prefix(std::min(name.find_first_not_of(' '), name.size()));
    const auto unit = std::ranges::find(units, name, &Unit::name);
    std::int64_t product = 0;
    if (unit == units.end() || __builtin_mul_overflow(number, unit->size, &product)) {
        return std::nullopt;
    }
    return product;
}

/// In the largest unit that leaves no rest.
std::string show_quantity(std::int64_t number, std::span<const Unit> units) {
    const auto unit = std::ranges::find_if(
        units, [&](const Unit& candidate) { return number != 0 && number % candidate.size == 0; });
    return unit == units.end() ? std::to_string(number)
                               : fmt::format("{}{}", number / unit->size, unit->name);
}

std::span<const Unit> units_of(const ConfigSlot& slot) {
    if (std::holds_alternative<std::chrono::seconds*>(slot)) {
        return time_units;
    }
    return std::holds_alternative<std::size_t*>(slot) ? std::span<const Unit>(size_units)
                                                      : std::span<const Unit>(size_units).last(1);
}

bool is_quantity(const ConfigSlot& slot) {
    return std::holds_alternative<int*>(slot) || std::holds_alternative<std::size_t*>(slot) ||
           std::holds_alternative<std::chrono::seconds*>(slot);
}

/// Writes one kind of value into any slot that takes it; a slot that does not complains.
struct Store {
    const ConfigKey& key;

    Complaint wrong_type() const { return fmt::format("{} must be {}", key.name, article()); }
    std::string article() const {
        return key.choices.empty() ? "a " + config_type(key) : "one of " + config_type(key);
    }

    Complaint text(const ConfigSlot& slot, const std::string& text) const {
        if (!key.choices.empty()) {
            return choice(slot, text);
        }
        auto* const* const target = std::get_if<std::string*>(&slot);
        if (target == nullptr) {
            return wrong_type();
        }
        if (const auto complaint = check_text(text)) {
            return complaint;
        }
        **target = text;
        return std::nullopt;
    }

    Complaint choice(const ConfigSlot& slot, const std::string& text) const {
        if (std::ranges::find(key.planned, text) != key.planned.end()) {
            return fmt::format("{} = \"{}\" is not part of this version: use \"{}\"", key.name, text,
                               fmt::join(key.choices, "\" or \""));
        }
        const auto found = std::ranges::find(key.choices, text);
        if (found == key.choices.end()) {
            return wrong_type();
        }
        const auto index = static_cast<int>(found - key.choices.begin());
        if (auto* const* const target = std::get_if<std::string*>(&slot)) {
            **target = text;
        } else if (auto* const* const mode = std::get_if<Mode*>(&slot)) {
            **mode = static_cast<Mode>(index);
        } else if (auto* const* const format = std::get_if<LogFormat*>(&slot)) {
            **format = static_cast<LogFormat>(index);
        } else if (auto* const* const level = std::get_if<LogLevel*>(&slot)) {
            **level = static_cast<LogLevel>(index);
        }
        return std::nullopt;
    }

    Complaint list(const ConfigSlot& slot, const std::vector<std::string>& texts) const {
        auto* const* const target = std::get_if<std::vector<std::string>*>(&slot);
        if (target == nullptr) {
            return wrong_type();
        }
        for (const auto& text : texts) {
            if (const auto complaint = check_text(text)) {
                return complaint;
            }
        }
        **target = texts;
        return std::nullopt;
    }

    Complaint number(const ConfigSlot& slot, std::int64_t number) const {
        if (!is_quantity(slot)) {
            return wrong_type();
        }
        if (number < key.least || number > key.most) {
            return fmt::format("{} must be from {}", key.name, config_bounds(key));
        }
        if (auto* const* const plain = std::get_if<int*>(&slot)) {
            **plain = static_cast<int>(number);
        } else if (auto* const* const size = std::get_if<std::size_t*>(&slot)) {
            **size = static_cast<std::size_t>(number);
        } else {
            *std::get<std::chrono::seconds*>(slot) = std::chrono::seconds(number);
        }
        return std::nullopt;
    }

    Complaint boolean(const ConfigSlot& slot, bool flag) const {
        auto* const* const target = std::get_if<bool*>(&slot);
        if (target == nullptr) {
            return wrong_type();
        }
        **target = flag;
        return std::nullopt;
    }

    /// A line break in a mail header or a log line does harm.
    Complaint check_text(std::string_view text) const {
        const bool has_control = std::ranges::any_of(
            text, [](char c) { return utf8::is_control(static_cast<unsigned char>(c)) && c >= 0; });
        if (has_control || !utf8::is_valid(text)) {
            return fmt::format("{} must be UTF-8 without control characters", key.name);
        }
        return std::nullopt;
    }
};

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        auto part = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
        part = part.substr(0, part.find_last_not_of(' ') + 1);
        if (!part.empty()) {
            parts.emplace_back(part);
        }
    }
    return parts;
}

/// As TOML's basic strings: the defaults hold nothing that needs an escape but these two.
std::string in_quotes(std::string_view text) {
    std::string shown = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            shown.push_back('\\');
        }
        shown.push_back(c);
    }
    return shown + '"';
}

}  // namespace

Complaint set_config_value(const ConfigKey& key, Config& config, const ConfigValue& value) {
    const Store store{key};
    const auto slot = key.slot(config);
    if (const auto* const text = std::get_if<std::string>(&value)) {
        if (!is_quantity(slot) || std::holds_alternative<int*>(slot)) {
            return store.text(slot, *text);
        }
        const auto quantity = parse_quantity(*text, units_of(slot));
        return quantity ? store.number(slot, *quantity) : store.wrong_type();
    }
    if (const auto* const number = std::get_if<std::int64_t>(&value)) {
        return store.number(slot, *number);
    }
    if (const auto* const flag = std::get_if<bool>(&value)) {
        return store.boolean(slot, *flag);
    }
    return store.list(slot, std::get<std::vector<std::string>>(value));
}

Complaint set_config_text(const ConfigKey& key, Config& config, std::string_view text) {
    const Store store{key};
    const auto slot = key.slot(config);
    if (is_quantity(slot)) {
        const auto quantity = parse_quantity(text, units_of(slot));
        return quantity ? store.number(slot, *quantity) : store.wrong_type();
    }
    if (std::holds_alternative<bool*>(slot)) {
        return text == "true" || text == "false" ? store.boolean(slot, text == "true") : store.wrong_type();
    }
    if (std::holds_alternative<std::vector<std::string>*>(slot)) {
        return store.list(slot, split_list(text));
    }
    return store.text(slot, std::string(text));
}

std::string show_config_value(const ConfigKey& key, const Config& config) {
    Config copy = config;
    const auto slot = key.slot(copy);
    const auto choice_of = [&](auto value) {
        return in_quotes(key.choices[static_cast<std::size_t>(value)]);
    };
    if (auto* const* const text = std::get_if<std::string*>(&slot)) {
        return in_quotes(**text);
    }
    if (auto* const* const list = std::get_if<std::vector<std::string>*>(&slot)) {
        std::vector<std::string> shown;
        std::ranges::transform(**list, std::back_inserter(shown), in_quotes);
        return fmt::format("[{}]", fmt::join(shown, ", "));
    }
    if (auto* const* const number = std::get_if<int*>(&slot)) {
        return std::to_string(**number);
    }
    if (auto* const* const size = std::get_if<std::size_t*>(&slot)) {
        return in_quotes(show_quantity(static_cast<std::int64_t>(**size), size_units));
    }
    if (auto* const* const wait = std::get_if<std::chrono::seconds*>(&slot)) {
        return in_quotes(show_quantity((*wait)->count(), time_units));
    }
    if (auto* const* const flag = std::get_if<bool*>(&slot)) {
        return **flag ? "true" : "false";
    }
    if (auto* const* const mode = std::get_if<Mode*>(&slot)) {
        return choice_of(**mode);
    }
    if (auto* const* const format = std::get_if<LogFormat*>(&slot)) {
        return choice_of(**format);
    }
    return choice_of(*std::get<LogLevel*>(slot));
}

std::string config_type(const ConfigKey& key) {
    if (!key.choices.empty()) {
        return fmt::format("{}", fmt::join(key.choices, ", "));
    }
    Config config;
    const auto slot = key.slot(config);
    if (std::holds_alternative<std::vector<std::string>*>(slot)) {
        return "list of texts";
    }
    if (std::holds_alternative<int*>(slot)) {
        return "number";
    }
    if (std::holds_alternative<std::size_t*>(slot)) {
        return "size (64KiB, 5MiB, or bytes)";
    }
    if (std::holds_alternative<std::chrono::seconds*>(slot)) {
        return "duration (15d, 2h, 5m, 30s, or seconds)";
    }
    return std::holds_alternative<bool*>(slot) ? "boolean (true or false)" : "text";
}

std::string config_bounds(const ConfigKey& key) {
    Config config;
    const auto slot = key.slot(config);
    if (!is_quantity(slot)) {
        return {};
    }
    const auto units = units_of(slot);
    return fmt::format("{} to {}", show_quantity(key.least, units), show_quantity(key.most, units));
}

}  // namespace ping
