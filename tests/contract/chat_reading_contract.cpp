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

}  // namespace ping::test
