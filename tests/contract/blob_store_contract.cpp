#include "contract/storage_helpers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <unistd.h>

namespace ping::test {
namespace {

using blobs::Draft;

const std::string first_name = "00112233445566778899aabbccddeeff";

std::shared_ptr<Draft> begin(BlobFixture& fixture) {
    const auto draft = run(fixture.loop, [&] { return fixture.blobs().begin(); });
    REQUIRE(draft);
    return *draft;
}

Result<void> keep(BlobFixture& fixture, const std::shared_ptr<Draft>& draft, const std::string& name) {
    return run(fixture.loop, [&] { return fixture.blobs().keep(draft, name); });
}

void put(BlobFixture& fixture, const std::string& name, const std::string& bytes) {
    const auto draft = begin(fixture);
    REQUIRE(run(fixture.loop, [&] { return draft->append(bytes); }));
    REQUIRE(keep(fixture, draft, name));
}

Result<std::string> get(BlobFixture& fixture, const std::string& name) {
    const auto blob = run(fixture.loop, [&] { return fixture.blobs().open(name); });
    if (!blob) {
        return blob.error();
    }
    return run(fixture.loop, [&] { return (*blob)->read(0, (*blob)->size()); });
}

std::vector<std::string> list(BlobFixture& fixture, const std::string& after = {}, std::size_t limit = 100) {
    const auto names = run(fixture.loop, [&] { return fixture.blobs().list(after, limit); });
    REQUIRE(names);
    return *names;
}

}  // namespace

TEST_CASE("blobs: what was appended and kept is read back, in parts too", "[blobs]") {
    PING_FOR_EACH_ADAPTER(BlobFixture, fixture);
    const auto draft = begin(*fixture);
    for (const auto* const piece : {"one ", "two ", "three"}) {
        REQUIRE(run(fixture->loop, [&] { return draft->append(piece); }));
    }
    REQUIRE(keep(*fixture, draft, first_name));
    const auto blob = run(fixture->loop, [&] { return fixture->blobs().open(first_name); });
    REQUIRE(blob);
    CHECK((*blob)->size() == 13);
    CHECK(*run(fixture->loop, [&] { return (*blob)->read(4, 3); }) == "two");
    CHECK(*run(fixture->loop, [&] { return (*blob)->read(8, 100); }) == "three");
    CHECK(run(fixture->loop, [&] { return (*blob)->read(13, 1); })->empty());
}

TEST_CASE("blobs: another process may fill a draft by its descriptor", "[blobs]") {
    PING_FOR_EACH_ADAPTER(BlobFixture, fixture);
    const auto draft = begin(*fixture);
    REQUIRE(::write(draft->descriptor(), "made elsewhere", 14) == 14);
    REQUIRE(keep(*fixture, draft, first_name));
    CHECK(*get(*fixture, first_name) == "made elsewhere");
}

TEST_CASE("blobs: a draft that is not kept leaves nothing", "[blobs]") {
    PING_FOR_EACH_ADAPTER(BlobFixture, fixture);
    {
        const auto draft = begin(*fixture);
        REQUIRE(run(fixture->loop, [&] { return draft->append("abandoned"); }));
    }
    CHECK(list(*fixture).empty());
    CHECK(get(*fixture, first_name).error().code == ErrorCode::not_found);
}

TEST_CASE("blobs: what was kept survives a restart, what was not is gone", "[blobs]") {
    PING_FOR_EACH_ADAPTER(BlobFixture, fixture);
    put(*fixture, first_name, "kept");
    {
        const auto draft = begin(*fixture);
        fixture->crash();
    }
    CHECK(*get(*fixture, first_name) == "kept");
    CHECK(list(*fixture) == std::vector{first_name});
}

TEST_CASE("blobs: a removed blob is gone, and can be read to its end by who has it open", "[blobs]") {
    PING_FOR_EACH_ADAPTER(BlobFixture, fixture);
    put(*fixture, first_name, "open");
    const auto blob = run(fixture->loop, [&] { return fixture->blobs().open(first_name); });
    REQUIRE(blob);
    CHECK(run(fixture->loop, [&] { return fixture->blobs().remove(first_name); }));
    CHECK(get(*fixture, first_name).error().code == ErrorCode::not_found);
    CHECK(*run(fixture->loop, [&] { return (*blob)->read(0, 10); }) == "open");
    CHECK(run(fixture->loop, [&] { return fixture->blobs().remove(first_name); }));
}

TEST_CASE("blobs: names are listed in order and by pages", "[blobs]") {
    PING_FOR_EACH_ADAPTER(BlobFixture, fixture);
    std::vector<std::string> names;
    for (const auto* const start : {"ff", "0a", "0b", "0a"}) {
        names.push_back(start + std::to_string(names.size()) + ".thumb");
        put(*fixture, names.back(), "x");
    }
    std::ranges::sort(names);
    CHECK(list(*fixture) == names);
    CHECK(list(*fixture, {}, 2) == std::vector{names[0], names[1]});
    CHECK(list(*fixture, names[1], 1) == std::vector{names[2]});
    CHECK(list(*fixture, names[3]).empty());
}

TEST_CASE("T46: a name that is no blob's is refused everywhere", "[blobs]") {
    PING_FOR_EACH_ADAPTER(BlobFixture, fixture);
    for (const std::string& name :
         {std::string(), std::string("ab"), std::string("../../etc/passwd"), std::string("ab/../../x"),
          std::string("/etc/passwd"), std::string("ab\0cd", 5), std::string("ABCD"), std::string("..ab"),
          std::string("%2e%2e"), std::string("zz12"), std::string(65, 'a')}) {
        INFO(name);
        CHECK(keep(*fixture, begin(*fixture), name).error().code == ErrorCode::invalid);
        CHECK(get(*fixture, name).error().code == ErrorCode::invalid);
        const auto removed = run(fixture->loop, [&] { return fixture->blobs().remove(name); });
        CHECK(removed.error().code == ErrorCode::invalid);
    }
    CHECK(list(*fixture).empty());
}

}  // namespace ping::test
