#include "core/config_reader.hpp"

#include <toml++/toml.h>

#include <cerrno>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <system_error>

namespace ping {
namespace {

class FileReader {
public:
    FileReader(const std::string& path, ConfigReader& reader) : path_(path), reader_(reader) {}

    void read(const toml::table& document) {
        for (const auto& [section, node] : document) {
            if (const auto* const table = node.as_table()) {
                read_section(std::string(section.str()), *table);
            } else {
                reader_.complain(
                    origin(section.source().begin),
                    fmt::format("\"{}\" must stand in a section, such as [server]", section.str()));
            }
        }
    }

    std::string origin(const toml::source_position& place) const {
        return fmt::format("{}:{}:{}", path_, place.line, place.column);
    }

private:
    void read_section(const std::string& section, const toml::table& table) {
        for (const auto& [key, node] : table) {
            const auto name = fmt::format("{}.{}", section, key.str());
            const auto* const row = find_config_key(name);
            if (row == nullptr) {
                reader_.complain_of_unknown(name, origin(key.source().begin));
                continue;
            }
            const auto place = origin(node.source().begin);
            if (const auto value = read_value(node)) {
                reader_.set(*row, *value, place);
            } else {
                reader_.complain(place, fmt::format("{} must be a {}", name, config_type(*row)));
            }
        }
    }

    /// Nothing for what no setting is: fractions, dates, tables, mixed lists.
    static std::optional<ConfigValue> read_value(const toml::node& node) {
        if (const auto text = node.value_exact<std::string>()) {
            return *text;
        }
        if (const auto number = node.value_exact<std::int64_t>()) {
            return *number;
        }
        if (const auto flag = node.value_exact<bool>()) {
            return *flag;
        }
        return read_list(node);
    }

    static std::optional<ConfigValue> read_list(const toml::node& node) {
        const auto* const array = node.as_array();
        if (array == nullptr) {
            return std::nullopt;
        }
        std::vector<std::string> texts;
        for (const auto& element : *array) {
            const auto text = element.value_exact<std::string>();
            if (!text) {
                return std::nullopt;
            }
            texts.push_back(*text);
        }
        return texts;
    }

    const std::string& path_;
    ConfigReader& reader_;
};

}  // namespace

void read_config_file(const std::string& path, ConfigReader& reader) {
    const std::ifstream file(path);
    std::ostringstream text;
    if (file) {
        text << file.rdbuf();
    }
    if (!file || !text) {
        reader.complain(path, "cannot be read: " + std::system_category().message(errno));
        return;
    }
    FileReader file_reader(path, reader);
    try {
        file_reader.read(toml::parse(text.str(), path));
    } catch (const toml::parse_error& error) {
        reader.complain(file_reader.origin(error.source().begin), std::string(error.description()));
    }
}

}  // namespace ping
