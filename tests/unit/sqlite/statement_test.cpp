#include "ping/sqlite/statement.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

namespace ping::test {
namespace {

using sqlite::Connection;
using sqlite::SqliteFailure;

sqlite3* open_memory() {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(":memory:", &handle) == SQLITE_OK);
    return handle;
}

}  // namespace

TEST_CASE("statement: values come back as they were bound", "[sqlite]") {
    Connection connection(open_memory());
    const UserId id(IdBytes{1, 2, 3, 0, 5, 6, 7, 8, 9, 10, 11, 255});
    const auto time = from_millis(1'790'000'000'123);
    const std::string text("a\0'b", 4);
    auto query = connection.prepare("SELECT ?, ?, ?, ?, ?, ?, ?, ?");
    query.bind(std::int64_t{-5}).bind(text).bind(std::string_view{}).bind_blob({}).bind_null().bind(time);
    query.bind(id).bind(std::optional<Time>{});
    REQUIRE(query.step());
    CHECK(query.integer(0) == -5);
    CHECK(query.text(1) == text);
    CHECK(query.optional_text(2) == "");
    CHECK_FALSE(query.is_null(3));
    CHECK(query.blob(3).empty());
    CHECK(query.is_null(4));
    CHECK(query.text(4).empty());
    CHECK(query.time(5) == time);
    CHECK(query.id<UserId>(6) == id);
    CHECK_FALSE(query.optional_time(7));
    CHECK_FALSE(query.step());
}

TEST_CASE("statement: a kept statement starts without the last bindings", "[sqlite]") {
    Connection connection(open_memory());
    connection.prepare("SELECT ?").bind(1).run();
    auto again = connection.prepare("SELECT ?");
    REQUIRE(again.step());
    CHECK(again.is_null(0));
}

TEST_CASE("statement: misuse throws instead of giving wrong rows", "[sqlite]") {
    Connection connection(open_memory());
    auto running = connection.prepare("SELECT 1");
    REQUIRE(running.step());
    CHECK_THROWS_AS(connection.prepare("SELECT 1"), SqliteFailure);
    CHECK_THROWS_AS(running.id<UserId>(0), SqliteFailure);
    CHECK_THROWS_AS(connection.prepare("SELEC 1"), SqliteFailure);
    CHECK_THROWS_AS(connection.prepare("SELECT 2").bind(1), SqliteFailure);
}

}  // namespace ping::test
