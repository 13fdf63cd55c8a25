#include "ping/core/config_loader.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace ping;

namespace {

/// Compares a file of the repository with what the table says; with PINGD_TEST_UPDATE=1 writes it first.
void compare(const std::string& name, const std::string& rendered) {
    const auto path = std::string(PING_SOURCE_DIR) + "/" + name;
    if (std::getenv("PINGD_TEST_UPDATE") != nullptr) {
        std::ofstream(path) << rendered;
    }
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    INFO(name << " differs: run core_test with PINGD_TEST_UPDATE=1");
    CHECK((text == rendered));
}

}  // namespace

TEST_CASE("config: config/pingd.toml is what the table says", "[core]") {
    compare("config/pingd.toml", render_config_file());
}

TEST_CASE("config: docs/configuration.md is what the table says", "[core]") {
    compare("docs/configuration.md", render_config_docs());
}

TEST_CASE("config: the file as it is shipped sets nothing", "[core]") {
    const auto path = std::string(PING_SOURCE_DIR) + "/config/pingd.toml";
    const auto as_shipped = load_config(ConfigSources{{}, {}, path});
    CHECK(as_shipped.errors.empty());
    CHECK(as_shipped.origins.empty());
}
