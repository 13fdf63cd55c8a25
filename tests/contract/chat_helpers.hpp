#pragma once

#include "contract/storage_helpers.hpp"

#include <catch2/catch.hpp>

namespace ping::test {

/// A fresh store with Ada and Bob, their chat, and Eve, who is not in it.
struct ChatScene {
    explicit ChatScene(StorageFixture& fixture_in)
        : fixture(fixture_in),
          ada(make_user(fixture, "ada@example.org").id),
          bob(make_user(fixture, "bob@example.org").id),
          eve(make_user(fixture, "eve@example.org").id),
          chat(create(ada, bob)) {}

    ChatId create(UserId a, UserId b) {
        const auto made = run(fixture.loop, [&] { return fixture.chats().create_direct(request(a, b)); });
        REQUIRE(made);
        return made->id;
    }
    storage::NewDirectChat request(UserId a, UserId b) {
        return {fixture.make_id<ChatId>(), a, b, fixture.clock.now()};
    }
    storage::NewMessage message(UserId sender, const std::string& text) {
        storage::NewMessage fresh;
        fresh.id = fixture.make_id<MessageId>();
        fresh.chat = chat;
        fresh.sender = sender;
        fresh.text = text;
        fresh.now = fixture.clock.now();
        return fresh;
    }
    Result<storage::AppendedMessage> try_append(const storage::NewMessage& fresh) {
        return run(fixture.loop, [&] { return fixture.chats().append(fresh); });
    }
    Message append(UserId sender, const std::string& text) {
        const auto appended = try_append(message(sender, text));
        REQUIRE(appended);
        return appended->message;
    }
    Result<storage::History> try_history(UserId reader, std::optional<Seq> before = {},
                                         std::optional<Seq> after = {}, int limit = 1000) {
        storage::HistoryQuery query;
        query.chat = chat;
        query.reader = reader;
        query.before = before;
        query.after = after;
        query.limit = limit;
        return run(fixture.loop, [&] { return fixture.chats().history(query); });
    }
    Result<ChatView> try_get(UserId reader) {
        return run(fixture.loop, [&] { return fixture.chats().get(reader, chat); });
    }
    ChatView get(UserId reader) {
        const auto view = try_get(reader);
        REQUIRE(view);
        return *view;
    }
    Result<storage::ReadMove> try_read(UserId reader, Seq seq) {
        return run(fixture.loop,
                   [&] { return fixture.chats().mark_read(reader, chat, seq, fixture.clock.now()); });
    }
    storage::ReadMove read(UserId reader, Seq seq) {
        const auto moved = try_read(reader, seq);
        REQUIRE(moved);
        return *moved;
    }

    Result<storage::DeliveredMove> try_deliver(UserId member, Seq seq) {
        return run(fixture.loop, [&] { return fixture.chats().mark_delivered(member, chat, seq); });
    }
    storage::Resumed resume(const storage::ResumeQuery& query) {
        const auto resumed = run(fixture.loop, [&] { return fixture.chats().resume(query); });
        REQUIRE(resumed);
        return *resumed;
    }

    StorageFixture& fixture;
    UserId ada;
    UserId bob;
    UserId eve;
    ChatId chat;
};

/// Of messages or of references to them.
template <class Messages>
std::vector<Seq> seqs_of(const Messages& messages) {
    std::vector<Seq> seqs;
    for (const auto& message : messages) {
        seqs.push_back(message.seq);
    }
    return seqs;
}

inline std::vector<ChatId> list_ids(ChatScene& scene, UserId reader, const storage::ChatPage& page = {}) {
    const auto views = run(scene.fixture.loop, [&] { return scene.fixture.chats().list(reader, page); });
    REQUIRE(views);
    std::vector<ChatId> ids;
    for (const auto& view : *views) {
        ids.push_back(view.chat.id);
    }
    return ids;
}

}  // namespace ping::test
