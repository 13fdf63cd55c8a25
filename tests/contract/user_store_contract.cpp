#include "contract/storage_helpers.hpp"
#include "ping/storage/case_fold.hpp"

#include <catch2/catch.hpp>

namespace ping::test {
namespace {

std::vector<std::string> names_of(const Result<std::vector<User>>& users) {
    REQUIRE(users);
    std::vector<std::string> names;
    for (const auto& user : *users) {
        names.push_back(user.name);
    }
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("users: get returns everything that is known, and not_found for nobody", "[users]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    const auto made = make_user(*fixture, "ada@example.org", "Ada");

    const auto found = run(fixture->loop, [&] { return fixture->users().get(made.id); });
    REQUIRE(found);
    CHECK(found->id == made.id);
    CHECK(found->name == "Ada");
    CHECK(found->email == "ada@example.org");
    CHECK_FALSE(found->phone);
    CHECK_FALSE(found->avatar);
    CHECK_FALSE(found->last_seen_at);
    CHECK(found->role == Role::user);
    CHECK(found->created_at == fixture->clock.now());
    CHECK(found->updated_at == fixture->clock.now());

    const auto nobody = fixture->make_id<UserId>();
    const auto missing = run(fixture->loop, [&] { return fixture->users().get(nobody); });
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == ErrorCode::not_found);
}

TEST_CASE("users: last_seen_at moves forward alone, and nothing else of the user changes", "[users]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    const auto ada = make_user(*fixture, "ada@example.org", "Ada");
    const auto bob = make_user(*fixture, "bob@example.org", "Bob");
    const Time first = fixture->clock.now();
    fixture->clock.advance(std::chrono::seconds(5));
    const auto note = [&](std::vector<storage::LastSeen> people) {
        REQUIRE(run(fixture->loop, [&] { return fixture->users().note_last_seen(people); }));
    };
    const auto ada_now = [&] {
        const auto user = run(fixture->loop, [&] { return fixture->users().get(ada.id); });
        REQUIRE(user);
        return *user;
    };
    note({{ada.id, first}, {fixture->make_id<UserId>(), first}});
    CHECK(ada_now().last_seen_at == first);
    note({{ada.id, first + std::chrono::seconds(2)}});
    note({{ada.id, first + std::chrono::seconds(1)}});
    note({});
    CHECK(ada_now().last_seen_at == first + std::chrono::seconds(2));
    CHECK(ada_now().updated_at == ada.updated_at);
    CHECK(ada_now().name == "Ada");
    const auto other = run(fixture->loop, [&] { return fixture->users().get(bob.id); });
    REQUIRE(other);
    CHECK_FALSE(other->last_seen_at);
}

TEST_CASE("users: get_many keeps the order of the ids and leaves out nobody", "[users]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    const auto ada = make_user(*fixture, "ada@example.org", "Ada");
    const auto bob = make_user(*fixture, "bob@example.org", "Bob");
    const std::vector<UserId> ids{bob.id, fixture->make_id<UserId>(), ada.id};
    CHECK(names_of(run(fixture->loop, [&] { return fixture->users().get_many(ids); })) ==
          Names{"Bob", "Ada"});
    CHECK(names_of(run(fixture->loop, [&] { return fixture->users().get_many({}); })).empty());
}

TEST_CASE("users: list pages by id", "[users]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    for (const char* name : {"Ada", "Bob", "Cleo"}) {
        make_user(*fixture, std::string(name) + "@example.org", name);
    }
    storage::UserQuery query;
    query.limit = 2;
    const auto first = run(fixture->loop, [&] { return fixture->users().list(query); });
    REQUIRE(names_of(first) == Names{"Ada", "Bob"});
    query.after = storage::UserCursor{"", first->back().id};
    CHECK(names_of(run(fixture->loop, [&] { return fixture->users().list(query); })) == Names{"Cleo"});
}

TEST_CASE("users: search finds the prefix of the name whatever its case", "[users]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    int number = 0;
    for (const char* name : {"Émile", "ÉMIL", "Emil", "Женя", "an%a", "anna", "ANNA B"}) {
        make_user(*fixture, "user" + std::to_string(++number) + "@example.org", name);
    }
    storage::UserQuery query;
    const auto search = [&](const std::string& text) {
        query.search = text;
        return names_of(run(fixture->loop, [&] { return fixture->users().list(query); }));
    };
    CHECK(search("ém") == Names{"ÉMIL", "Émile"});
    CHECK(search("EMIL") == Names{"Emil"});
    CHECK(search("ЖЕН") == Names{"Женя"});
    CHECK(search("Ann") == Names{"anna", "ANNA B"});
    CHECK(search("an%") == Names{"an%a"});
    CHECK(search("nna").empty());
    query.limit = 1;
    CHECK(search("ann") == Names{"anna"});
}

TEST_CASE("users: pages of a search meet without gap or overlap, also among equal names", "[users]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    int number = 0;
    for (const char* name : {"Ann", "zoe", "ANN", "Anna", "ann", "Anne", "ANN", "Bob"}) {
        make_user(*fixture, "user" + std::to_string(++number) + "@example.org", name);
    }
    storage::UserQuery query;
    query.search = "ANN";
    query.limit = 2;
    Names found;
    for (int page = 0; page < 4; ++page) {
        const auto users = run(fixture->loop, [&] { return fixture->users().list(query); });
        const auto names = names_of(users);
        found.insert(found.end(), names.begin(), names.end());
        if (users->empty()) {
            break;
        }
        query.after = storage::UserCursor{storage::fold_case(names.back()), users->back().id};
    }
    CHECK(found == Names{"Ann", "ANN", "ann", "ANN", "Anna", "Anne"});
    // A cursor that nobody gave out opens nothing but the search.
    query.after = storage::UserCursor{"", UserId()};
    CHECK(names_of(run(fixture->loop, [&] { return fixture->users().list(query); })) == Names{"Ann", "ANN"});
}

TEST_CASE("users: rename changes the name, its search and the time", "[users]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    const auto ada = make_user(*fixture, "ada@example.org", "Ada");
    fixture->clock.advance(std::chrono::seconds(5));
    const auto now = fixture->clock.now();
    const auto renamed = run(fixture->loop, [&] { return fixture->users().rename(ada.id, "Grace", now); });
    REQUIRE(renamed);
    CHECK(renamed->name == "Grace");
    CHECK(renamed->email == "ada@example.org");
    CHECK(renamed->created_at == ada.created_at);
    CHECK(renamed->updated_at == now);

    storage::UserQuery query;
    query.search = "gra";
    CHECK(names_of(run(fixture->loop, [&] { return fixture->users().list(query); })) == Names{"Grace"});
    query.search = "ada";
    CHECK(names_of(run(fixture->loop, [&] { return fixture->users().list(query); })).empty());

    const auto nobody = fixture->make_id<UserId>();
    const auto missing = run(fixture->loop, [&] { return fixture->users().rename(nobody, "Grace", now); });
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == ErrorCode::not_found);
}

TEST_CASE("T47: hostile texts are values in every field of a user", "[users]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    for (const auto& text : hostile_texts) {
        const auto user = make_user(*fixture, text, text);
        CHECK(user.email == text);
        const auto now = fixture->clock.now();
        const auto renamed =
            run(fixture->loop, [&] { return fixture->users().rename(user.id, text + "!", now); });
        REQUIRE(renamed);
        CHECK(renamed->name == text + "!");
        storage::UserQuery query;
        query.search = text;
        CHECK(names_of(run(fixture->loop, [&] { return fixture->users().list(query); })) ==
              Names{text + "!"});
    }
    storage::UserQuery everyone;
    CHECK(names_of(run(fixture->loop, [&] { return fixture->users().list(everyone); })).size() ==
          hostile_texts.size());
}

}  // namespace ping::test
