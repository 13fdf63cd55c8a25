#include "ping/storage/sqlite/schema.hpp"

#include <array>
#include <string_view>

namespace ping::storage {

// Made from sql/0001_init.sql by cmake/embed_sql.cmake.
extern const std::string_view sql_0001_init;

std::span<const sqlite::Migration> schema() {
    static const std::array migrations{sqlite::Migration{1, sql_0001_init}};
    return migrations;
}

}  // namespace ping::storage
