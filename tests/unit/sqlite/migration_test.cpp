#include "unit/sqlite/open_database.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace ping::test {

TEST_CASE("migrations: each step is applied once, in order, and keeps the data", "[sqlite]") {
    Notes notes;
    REQUIRE(notes.write(Notes::add("one")));
    const std::vector<sqlite::Migration> newer{
        note_schema[0],
        {2, "ALTER TABLE notes ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0; -- a comment\n"},
        {3, "UPDATE notes SET text = text || '!'"}};
    REQUIRE(notes.try_open(newer));
    CHECK(notes.texts() == Texts{"one!"});
    REQUIRE(notes.try_open(newer));
    CHECK(notes.texts() == Texts{"one!"});
}

TEST_CASE("migrations: a file of a newer schema is refused and left alone", "[sqlite]") {
    Notes notes;
    const std::vector<sqlite::Migration> newer{note_schema[0],
                                               {2, "INSERT INTO notes (text) VALUES ('new')"}};
    REQUIRE(notes.try_open(newer));
    const auto refused = notes.try_open(note_schema);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().slug == "schema_too_new");
    CHECK(refused.error().message.find("newer version") != std::string::npos);
    REQUIRE(notes.try_open(newer));
    CHECK(notes.texts() == Texts{"new"});
}

TEST_CASE("migrations: a step that fails leaves nothing behind", "[sqlite]") {
    Notes notes;
    const std::vector<sqlite::Migration> broken{
        note_schema[0], {2, "INSERT INTO notes (text) VALUES ('half'); INSERT INTO nowhere VALUES (1)"}};
    const auto failed = notes.try_open(broken);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == ErrorCode::internal);
    notes.reopen();
    CHECK(notes.texts().empty());
}

TEST_CASE("migrations: what is no database is refused", "[sqlite]") {
    Notes notes;
    notes.options.file = notes.folder.path();
    const auto failed = notes.try_open(note_schema);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == ErrorCode::unavailable);
}

}  // namespace ping::test
