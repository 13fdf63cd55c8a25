#include "contract/chat_helpers.hpp"

#include <catch2/catch.hpp>

namespace ping::test {
namespace {

using Seqs = std::vector<Seq>;

}  // namespace

TEST_CASE("chats: history pages in both directions", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    for (int i = 0; i < 5; ++i) {
        scene.append(scene.ada, std::to_string(i));
    }
    const auto newest = scene.try_history(scene.bob, {}, {}, 2);
    REQUIRE(newest);
    CHECK(seqs_of(newest->messages) == Seqs{4, 5});
    CHECK(newest->has_more);
    CHECK(newest->last_seq == 5);
    CHECK(newest->peer.read == 5);
    CHECK(newest->mine.read == 0);
    CHECK(newest->members == std::vector<UserId>{scene.ada, scene.bob});
    CHECK(newest->messages.front().text == "3");
    CHECK(newest->messages.front().chat == scene.chat);
    CHECK(newest->messages.front().sender == scene.ada);

    const auto older = scene.try_history(scene.bob, 3, {}, 2);
    REQUIRE(older);
    CHECK(seqs_of(older->messages) == Seqs{1, 2});
    CHECK_FALSE(older->has_more);
    const auto newer = scene.try_history(scene.bob, {}, 1, 2);
    REQUIRE(newer);
    CHECK(seqs_of(newer->messages) == Seqs{2, 3});
    CHECK(newer->has_more);
    const auto last = scene.try_history(scene.bob, {}, 3, 2);
    REQUIRE(last);
    CHECK(seqs_of(last->messages) == Seqs{4, 5});
    CHECK_FALSE(last->has_more);
}

TEST_CASE("chats: reading moves forward only and tells what was seen", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    scene.append(scene.ada, "1");
    scene.append(scene.ada, "2");
    scene.append(scene.ada, "3");

    const auto first = scene.read(scene.bob, 2);
    CHECK(first.from == 0);
    CHECK(first.to == 2);
    CHECK(first.unread == 1);
    CHECK(seqs_of(first.seen) == Seqs{1, 2});
    CHECK(first.members.size() == 2);
    CHECK(scene.get(scene.ada).peer.read == 2);
    CHECK(scene.get(scene.ada).peer.delivered == 2);

    const auto back = scene.read(scene.bob, 1);
    CHECK(back.from == 2);
    CHECK(back.to == 2);
    CHECK(back.seen.empty());
    CHECK(back.unread == 1);

    const auto beyond = scene.read(scene.bob, 1'000'000);
    CHECK(beyond.to == 3);
    CHECK(beyond.unread == 0);
    CHECK(seqs_of(beyond.seen) == Seqs{3});

    scene.append(scene.bob, "4");
    scene.append(scene.ada, "5");
    scene.append(scene.bob, "6");
    CHECK(scene.get(scene.bob).unread == 0);
    CHECK(scene.get(scene.ada).unread == 1);
}

TEST_CASE("chats: every page says which messages were seen, and when", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    for (int i = 1; i <= 6; ++i) {
        scene.append(i == 4 ? scene.bob : scene.ada, std::to_string(i));  // Bob's reads 1 to 3
    }
    const Time wrote = fixture->clock.now();
    fixture->clock.advance(std::chrono::seconds(10));
    const Time read = fixture->clock.now();
    scene.read(scene.bob, 5);
    fixture->clock.advance(std::chrono::seconds(10));
    const std::optional<Time> no_time;
    const std::vector<std::optional<Time>> expected{wrote, wrote, wrote, wrote, read, no_time};
    for (const auto reader : {scene.ada, scene.bob}) {
        const auto history = scene.try_history(reader);
        REQUIRE(history);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            INFO("seq " << i + 1);
            CHECK(history->messages.at(i).seen == expected[i].has_value());
            CHECK(history->messages.at(i).seen_at == expected[i]);
        }
    }
    const auto page = scene.try_history(scene.ada, 6, {}, 2);
    REQUIRE(page);
    CHECK(page->messages.at(0).seen_at == wrote);
    CHECK(page->messages.at(1).seen_at == read);
}

TEST_CASE("chats: a message is never seen before it was written, whatever the clock does", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    const auto message = scene.append(scene.ada, "1");
    fixture->clock.advance(-std::chrono::hours(1));
    scene.read(scene.bob, 1);
    const auto history = scene.try_history(scene.ada);
    REQUIRE(history);
    CHECK(history->messages.at(0).seen_at == message.created_at);
}

TEST_CASE("chats: delivered moves forward only, and reading moves it too", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    for (int i = 0; i < 3; ++i) {
        scene.append(scene.ada, "x");
    }
    const auto check = [&](Seq seq, Seq from, Seq to) {
        const auto moved = scene.try_deliver(scene.bob, seq);
        REQUIRE(moved);
        CHECK(moved->from == from);
        CHECK(moved->to == to);
        CHECK(moved->members == std::vector<UserId>{scene.ada, scene.bob});
        CHECK(scene.get(scene.ada).peer.delivered == to);
    };
    check(2, 0, 2);
    check(1, 2, 2);
    CHECK(scene.get(scene.bob).mine.read == 0);
    CHECK(scene.get(scene.bob).unread == 3);
    check(1'000'000, 2, 3);
    scene.append(scene.ada, "x");
    scene.read(scene.bob, 4);
    check(4, 4, 4);
}

TEST_CASE("chats: counting unread messages stops at 100", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    std::vector<storage::NewMessage> messages;
    for (int i = 0; i < 120; ++i) {
        messages.push_back(scene.message(scene.ada, "x"));
    }
    const auto results = run_all(fixture->loop, 120, [&](int i) {
        return fixture->chats().append(messages[static_cast<std::size_t>(i)]);
    });
    REQUIRE(results.size() == 120);
    CHECK(scene.get(scene.bob).unread == 100);
    CHECK(scene.read(scene.bob, 1).unread == 100);
    CHECK(scene.read(scene.bob, 30).unread == 90);
}

TEST_CASE("chats: the list is ordered by the newest activity and pages", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    fixture->clock.advance(std::chrono::seconds(1));
    const auto with_eve = scene.create(scene.eve, scene.ada);
    CHECK(list_ids(scene, scene.ada) == std::vector<ChatId>{with_eve, scene.chat});
    fixture->clock.advance(std::chrono::seconds(1));
    const auto newest = scene.append(scene.bob, "hello");
    CHECK(list_ids(scene, scene.ada) == std::vector<ChatId>{scene.chat, with_eve});

    storage::ChatPage page;
    page.limit = 1;
    CHECK(list_ids(scene, scene.ada, page) == std::vector<ChatId>{scene.chat});
    page.before_time = newest.created_at;
    page.before_id = scene.chat;
    CHECK(list_ids(scene, scene.ada, page) == std::vector<ChatId>{with_eve});
    CHECK(list_ids(scene, scene.bob) == std::vector<ChatId>{scene.chat});
}

TEST_CASE("chats: members are those of the chat, and not_found for no chat", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    const auto members = run(fixture->loop, [&] { return fixture->chats().members(scene.chat); });
    REQUIRE(members);
    CHECK(*members == std::vector<UserId>{scene.ada, scene.bob});
    const auto nowhere = fixture->make_id<ChatId>();
    const auto missing = run(fixture->loop, [&] { return fixture->chats().members(nowhere); });
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == ErrorCode::not_found);
}

TEST_CASE("chats: contacts are the people of one's chats, newest chat first, and bounded", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    const auto contacts = [&](UserId person, int limit) {
        const auto people = run(fixture->loop, [&] { return fixture->chats().contacts(person, limit); });
        REQUIRE(people);
        return *people;
    };
    using People = std::vector<UserId>;
    CHECK(contacts(scene.eve, 10).empty());
    scene.create(scene.eve, scene.ada);
    CHECK(contacts(scene.ada, 10) == People{scene.eve, scene.bob});
    CHECK(contacts(scene.ada, 1) == People{scene.eve});
    CHECK(contacts(scene.bob, 10) == People{scene.ada});
    CHECK(contacts(scene.eve, 10) == People{scene.ada});
}

}  // namespace ping::test
