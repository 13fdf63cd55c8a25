#include "contract/chat_helpers.hpp"

#include <catch2/catch.hpp>

namespace ping::test {
namespace {

using Seqs = std::vector<Seq>;

}  // namespace

TEST_CASE("T49: a pair has one direct chat, made once from whichever side", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    constexpr int count = 200;
    std::vector<storage::NewDirectChat> requests;
    for (int i = 0; i < count; ++i) {
        requests.push_back(i % 2 == 0 ? scene.request(scene.ada, scene.eve)
                                      : scene.request(scene.eve, scene.ada));
    }
    const auto results = run_all(fixture->loop, count, [&](int i) {
        return fixture->chats().create_direct(requests[static_cast<std::size_t>(i)]);
    });
    int created = 0;
    for (const auto& result : results) {
        REQUIRE(result);
        CHECK(result->id == results.front()->id);
        created += result->created ? 1 : 0;
    }
    CHECK(created == 1);
    CHECK(list_ids(scene, scene.eve).size() == 1);
}

TEST_CASE("T49: a chat with nobody is not_found and with oneself is refused", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    const auto nobody = fixture->make_id<UserId>();
    const auto missing =
        run(fixture->loop, [&] { return fixture->chats().create_direct(scene.request(scene.ada, nobody)); });
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == ErrorCode::not_found);
    const auto self = run(
        fixture->loop, [&] { return fixture->chats().create_direct(scene.request(scene.ada, scene.ada)); });
    CHECK_FALSE(self);
    CHECK(list_ids(scene, scene.ada).size() == 1);
}

TEST_CASE("chats: a message moves the chat, its preview and the sender's watermarks", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    const auto empty = scene.get(scene.ada);
    CHECK(empty.chat.last_seq == 0);
    CHECK_FALSE(empty.chat.latest);
    CHECK(empty.chat.members == std::vector<UserId>{scene.ada, scene.bob});

    fixture->clock.advance(std::chrono::seconds(1));
    const auto appended = scene.try_append(scene.message(scene.ada, "hello"));
    REQUIRE(appended);
    CHECK(appended->message.seq == 1);
    CHECK(appended->message.created_at == fixture->clock.now());
    CHECK(appended->members == std::vector<UserId>{scene.ada, scene.bob});
    CHECK_FALSE(appended->repeated);

    const auto mine = scene.get(scene.ada);
    CHECK(mine.chat.last_seq == 1);
    CHECK(mine.chat.updated_at == fixture->clock.now());
    CHECK(mine.chat.created_at == empty.chat.created_at);
    REQUIRE(mine.chat.latest);
    CHECK(mine.chat.latest->text == "hello");
    CHECK(mine.chat.latest->sender == scene.ada);
    CHECK(mine.mine.read == 1);
    CHECK(mine.mine.delivered == 1);
    CHECK(mine.peer.read == 0);
    CHECK(mine.unread == 0);
    CHECK(appended->read.empty());
    const auto theirs = scene.get(scene.bob);
    CHECK(theirs.unread == 1);
    CHECK(theirs.mine.read == 0);
    CHECK(theirs.peer.read == 1);
}

TEST_CASE("chats: who writes has read what came before, and learns what that was", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    scene.append(scene.ada, "1");
    scene.append(scene.ada, "2");
    fixture->clock.advance(std::chrono::seconds(5));
    const auto answer = scene.try_append(scene.message(scene.bob, "3"));
    REQUIRE(answer);
    CHECK(seqs_of(answer->read) == Seqs{1, 2});
    CHECK(answer->read.front().sender == scene.ada);
    CHECK(scene.get(scene.bob).unread == 0);
    CHECK(scene.get(scene.ada).peer.read == 3);
    const auto history = scene.try_history(scene.ada);
    REQUIRE(history);
    CHECK(history->messages.at(1).seen_at == fixture->clock.now());
    CHECK_FALSE(history->messages.at(2).seen);

    const auto next = scene.try_append(scene.message(scene.bob, "4"));
    REQUIRE(next);
    CHECK(next->read.empty());
}

TEST_CASE("chats: the preview of an image without text says so", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    auto image = scene.message(scene.ada, "");
    image.type = MessageType::image;
    REQUIRE(scene.try_append(image));
    CHECK(scene.get(scene.bob).chat.latest->text == "📷 Image");
    CHECK(scene.get(scene.bob).chat.latest->type == MessageType::image);
    image = scene.message(scene.ada, "the cat");
    image.type = MessageType::image;
    REQUIRE(scene.try_append(image));
    CHECK(scene.get(scene.bob).chat.latest->text == "the cat");
}

TEST_CASE("chats: concurrent messages get dense numbers", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    constexpr int count = 300;
    std::vector<storage::NewMessage> messages;
    for (int i = 0; i < count; ++i) {
        messages.push_back(scene.message(i % 2 == 0 ? scene.ada : scene.bob, std::to_string(i)));
    }
    const auto results = run_all(fixture->loop, count, [&](int i) {
        return fixture->chats().append(messages[static_cast<std::size_t>(i)]);
    });
    Seqs seqs;
    for (const auto& result : results) {
        REQUIRE(result);
        seqs.push_back(result->message.seq);
    }
    std::sort(seqs.begin(), seqs.end());
    for (int i = 0; i < count; ++i) {
        CHECK(seqs[static_cast<std::size_t>(i)] == i + 1);
    }
    const auto history = scene.try_history(scene.ada);
    REQUIRE(history);
    CHECK(seqs_of(history->messages) == seqs);
}

TEST_CASE("chats: time within a chat never goes back", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    const auto first = scene.append(scene.ada, "one");
    fixture->clock.advance(-std::chrono::hours(1));
    const auto second = scene.append(scene.bob, "two");
    CHECK(second.created_at == first.created_at);
    CHECK(scene.get(scene.ada).chat.updated_at == first.created_at);
}

TEST_CASE("T50: a repeated client id returns the first message and stores nothing", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    auto message = scene.message(scene.ada, "hello");
    message.client_id = "c1";
    const auto first = scene.try_append(message);
    REQUIRE(first);
    CHECK(first->message.client_id == "c1");

    constexpr int count = 50;
    std::vector<storage::NewMessage> repeats(count, message);
    for (auto& repeat : repeats) {
        repeat.id = fixture->make_id<MessageId>();
    }
    const auto results = run_all(fixture->loop, count, [&](int i) {
        return fixture->chats().append(repeats[static_cast<std::size_t>(i)]);
    });
    for (const auto& result : results) {
        REQUIRE(result);
        CHECK(result->repeated);
        CHECK(result->message.id == first->message.id);
        CHECK(result->members.size() == 2);
    }
    CHECK(scene.get(scene.ada).chat.last_seq == 1);

    scene.read(scene.bob, 1);
    const auto after_seen = scene.try_append(message);
    REQUIRE(after_seen);
    CHECK(after_seen->message.seen);
    CHECK(after_seen->message.seen_at == fixture->clock.now());

    message.text = "other";
    const auto reused = scene.try_append(message);
    REQUIRE_FALSE(reused);
    CHECK(reused.error().code == ErrorCode::unprocessable);
    CHECK(reused.error().slug == "client_id_reused");
    CHECK(scene.get(scene.ada).chat.last_seq == 1);

    message.sender = scene.bob;
    const auto of_bob = scene.try_append(message);
    REQUIRE(of_bob);
    CHECK_FALSE(of_bob->repeated);
}

TEST_CASE("T24: who is not a member gets nothing and changes nothing", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    scene.append(scene.ada, "secret");
    const auto check_all = [&](ErrorCode code, const std::string& text) {
        const auto check = [&](const auto& result) {
            REQUIRE_FALSE(result);
            CHECK(result.error().code == code);
            CHECK(result.error().message == text);
        };
        check(scene.try_deliver(scene.eve, 1));
        check(scene.try_get(scene.eve));
        check(scene.try_history(scene.eve));
        check(scene.try_read(scene.eve, 1));
        check(scene.try_append(scene.message(scene.eve, "hi")));
    };
    check_all(ErrorCode::forbidden, "You are not a participant of this chat");
    CHECK(list_ids(scene, scene.eve).empty());
    const auto view = scene.get(scene.ada);
    CHECK(view.chat.last_seq == 1);
    CHECK(view.peer.read == 0);
    scene.chat = fixture->make_id<ChatId>();
    check_all(ErrorCode::not_found, "Chat not found");
}

TEST_CASE("T47: hostile texts are values in every field of a message", "[chats]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    ChatScene scene(*fixture);
    for (const auto& text : hostile_texts) {
        auto message = scene.message(scene.ada, text);
        message.client_id = text;
        REQUIRE(scene.try_append(message));
        const auto again = scene.try_append(message);
        REQUIRE(again);
        CHECK(again->repeated);
        CHECK(again->message.text == text);
        CHECK(again->message.client_id == text);
        CHECK(scene.get(scene.bob).chat.latest->text == text);
    }
    CHECK(scene.get(scene.bob).chat.last_seq == static_cast<Seq>(hostile_texts.size()));
}

}  // namespace ping::test
