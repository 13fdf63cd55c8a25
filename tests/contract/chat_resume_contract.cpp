#include "contract/chat_helpers.hpp"

#include <catch2/catch.hpp>

namespace ping::test {
namespace {

using Seqs = std::vector<Seq>;

storage::ResumeQuery ask(UserId reader, std::vector<storage::ResumePoint> points) {
    storage::ResumeQuery query;
    query.reader = reader;
    query.points = std::move(points);
    return query;
}

std::vector<ChatId> ids_of(const std::vector<ChatView>& views) {
    std::vector<ChatId> ids;
    for (const auto& view : views) {
        ids.push_back(view.chat.id);
    }
    return ids;
}

}  // namespace

TEST_CASE("resume: exactly what was missed, with both watermarks", "[chats][resume]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    for (int i = 0; i < 4; ++i) {
        scene.append(scene.ada, std::to_string(i));
    }
    scene.read(scene.bob, 3);
    REQUIRE(scene.try_deliver(scene.bob, 4));
    const auto of_ada = scene.resume(ask(scene.ada, {{scene.chat, 2}})).chats.at(0);
    CHECK(of_ada.chat == scene.chat);
    CHECK_FALSE(of_ada.resync);
    CHECK(seqs_of(of_ada.messages) == Seqs{3, 4});
    CHECK(of_ada.messages.at(0).text == "2");
    CHECK(of_ada.messages.at(0).seen);
    CHECK(of_ada.messages.at(0).seen_at == fixture->clock.now());
    CHECK_FALSE(of_ada.messages.at(1).seen);
    CHECK(of_ada.mine.read == 4);
    CHECK(of_ada.peer.read == 3);
    CHECK(of_ada.peer.delivered == 4);
    CHECK(of_ada.unread == 0);

    const auto of_bob = scene.resume(ask(scene.bob, {{scene.chat, 4}})).chats.at(0);
    CHECK(of_bob.messages.empty());
    CHECK(of_bob.mine.read == 3);
    CHECK(of_bob.unread == 1);
}

TEST_CASE("resume: too many missed, a seq ahead of ours and a full answer are a resync", "[chats][resume]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    const auto first = scene.chat;
    for (int i = 0; i < 5; ++i) {
        scene.append(scene.ada, "12345");
    }
    const auto second = scene.chat = scene.create(scene.ada, scene.eve);
    for (int i = 0; i < 5; ++i) {
        scene.append(scene.ada, "12345");
    }
    auto query = ask(scene.ada, {{first, 1}, {second, 0}});
    const auto resumed = [&] {
        const auto answer = scene.resume(query);
        REQUIRE(answer.chats.size() == 2);
        for (const auto& chat : answer.chats) {
            CHECK(chat.messages.empty() == chat.resync);
            CHECK(chat.view.has_value() == chat.resync);
        }
        return std::vector<bool>{answer.chats[0].resync, answer.chats[1].resync};
    };
    CHECK(resumed() == std::vector<bool>{false, false});
    query.missed_per_chat = 4;
    CHECK(resumed() == std::vector<bool>{false, true});
    query.missed_per_chat = 1000;
    query.missed = 8;
    CHECK(resumed() == std::vector<bool>{false, true});
    query.missed = 9;
    query.text_bytes = 24;
    CHECK(resumed() == std::vector<bool>{false, true});
    query.text_bytes = 45;
    CHECK(resumed() == std::vector<bool>{false, false});
    // What does not fit leaves the room to what comes behind it.
    query.missed = 4;
    query.points = {{second, 0}, {first, 1}};
    CHECK(resumed() == std::vector<bool>{true, false});
    query.points = {{first, 6}, {second, 4}};
    CHECK(resumed() == std::vector<bool>{true, false});
}

TEST_CASE("resume: chats that were not named come by themselves, newest first, bounded", "[chats][resume]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    const auto cy = make_user(*fixture, "cy@example.org").id;
    fixture->clock.advance(std::chrono::seconds(1));
    scene.append(scene.bob, "hello");
    fixture->clock.advance(std::chrono::seconds(1));
    const auto with_eve = scene.create(scene.ada, scene.eve);
    fixture->clock.advance(std::chrono::seconds(1));
    const auto with_cy = scene.create(cy, scene.ada);

    auto query = ask(scene.ada, {{scene.chat, 1}});
    const auto all = scene.resume(query);
    CHECK(ids_of(all.others) == std::vector<ChatId>{with_cy, with_eve});
    CHECK_FALSE(all.has_more);
    CHECK(all.others.front().chat.members.size() == 2);
    query.others = 1;
    const auto bounded = scene.resume(query);
    CHECK(ids_of(bounded.others) == std::vector<ChatId>{with_cy});
    CHECK(bounded.has_more);

    // A client that named its newest chats only hears of an older one when something new is in it.
    query = ask(scene.ada, {{with_eve, 0}, {with_cy, 1}});
    query.is_cut = true;
    scene.chat = with_cy;
    scene.append(cy, "hi");
    CHECK(scene.resume(query).others.empty());
    scene.chat = all.chats.front().chat;
    fixture->clock.advance(std::chrono::seconds(1));
    scene.append(scene.bob, "again");
    const auto changed = scene.resume(query).others;
    CHECK(ids_of(changed) == std::vector<ChatId>{scene.chat});
    CHECK(changed.front().unread == 2);
}

TEST_CASE("T24: resume of a chat of others or of nobody tells nothing", "[chats][resume][T24]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    scene.append(scene.ada, "secret");
    for (const auto& chat : {scene.chat, fixture->make_id<ChatId>()}) {
        const auto resumed = scene.resume(ask(scene.eve, {{chat, 0}}));
        const auto& named = resumed.chats.at(0);
        CHECK(named.resync);
        CHECK_FALSE(named.view);
        CHECK(named.messages.empty());
        CHECK(named.mine.read + named.peer.read + named.unread == 0);
        CHECK(resumed.others.empty());
    }
}

}  // namespace ping::test
