#include "ping/storage/sqlite/schema.hpp"

#include <array>
#include <string_view>

namespace ping::storage {

// Made from the files in sql/ by cmake/embed_text.cmake.
extern const std::string_view sql_0001_init;
extern const std::string_view sql_0003_sessions_and_guesses;
extern const std::string_view sql_0004_lean_login;
extern const std::string_view sql_0005_images;

std::span<const sqlite::Migration> schema() {
    static const std::array migrations{
        sqlite::Migration{1, sql_0001_init}, sqlite::Migration{3, sql_0003_sessions_and_guesses},
        sqlite::Migration{4, sql_0004_lean_login}, sqlite::Migration{5, sql_0005_images}};
    return migrations;
}

}  // namespace ping::storage
