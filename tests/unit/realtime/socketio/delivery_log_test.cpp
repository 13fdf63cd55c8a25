#include "realtime/socketio/delivery_log.hpp"

#include <catch2/catch.hpp>

#include <map>

using ping::ChatId;
using ping::realtime::socketio::ChatPlaces;
using ping::realtime::socketio::DeliveryLog;
using Author = DeliveryLog::Author;

namespace {

using Seqs = std::map<int, std::int64_t>;

ChatId chat(int number) {
    return ChatId(ping::IdBytes{static_cast<std::uint8_t>(number)});
}

Seqs seqs(const ChatPlaces& places) {
    Seqs all;
    for (const auto& place : places) {
        all[place.chat.bytes()[0]] = place.seq;
    }
    return all;
}

}  // namespace

TEST_CASE("delivery log: what has left is told once, the last of each chat, own messages not", "[socketio]") {
    DeliveryLog log;
    log.sent({chat(1), 5}, Author::other);
    log.sent({chat(1), 6}, Author::other);
    log.sent({chat(2), 9}, Author::other);
    log.sent({chat(3), 1}, Author::self);
    CHECK(seqs(log.left()) == Seqs{{1, 6}, {2, 9}});
    CHECK(log.left().is_empty());
    log.sent({chat(1), 7}, Author::self);
    CHECK(log.left().is_empty());
}

TEST_CASE("delivery log: what has left may yet not have arrived", "[socketio]") {
    DeliveryLog log;
    log.sent({chat(1), 5}, Author::other);
    log.sent({chat(1), 6}, Author::self);
    CHECK_FALSE(log.left().is_empty());
    CHECK(seqs(log.doubtful()) == Seqs{{1, 5}});
    log.checkpoint();
    log.sent({chat(1), 7}, Author::other);
    log.sent({chat(2), 3}, Author::self);
    CHECK(seqs(log.doubtful()) == Seqs{{1, 5}, {2, 3}});
    log.arrived();
    CHECK(seqs(log.doubtful()) == Seqs{{1, 7}, {2, 3}});
    log.checkpoint();
    log.arrived();
    CHECK(log.doubtful().is_empty());
}

TEST_CASE("delivery log: which message is the first on its way is said", "[socketio]") {
    DeliveryLog log;
    CHECK(log.sent({chat(1), 5}, Author::other));
    CHECK_FALSE(log.sent({chat(1), 6}, Author::self));
    CHECK(log.sent({chat(2), 6}, Author::self));
    CHECK(log.sent({chat(1), 4}, Author::other));  // missed once, sent behind a live one
    CHECK(seqs(log.doubtful()) == Seqs{{1, 4}, {2, 6}});
    log.checkpoint();
    CHECK(log.sent({chat(1), 7}, Author::other));
    CHECK(seqs(log.doubtful()) == Seqs{{1, 4}, {2, 6}});
}

TEST_CASE("delivery log: by polling what arrived is told, and only that", "[socketio]") {
    DeliveryLog log;
    log.sent({chat(1), 5}, Author::other);
    log.checkpoint();
    log.sent({chat(1), 6}, Author::other);
    CHECK(seqs(log.arrived()) == Seqs{{1, 5}});
    log.checkpoint();
    CHECK(seqs(log.arrived()) == Seqs{{1, 6}});
    // A checkpoint that nothing answered is taken up by the next one.
    log.sent({chat(1), 7}, Author::other);
    log.checkpoint();
    log.sent({chat(2), 1}, Author::other);
    log.checkpoint();
    CHECK(seqs(log.doubtful()) == Seqs{{1, 7}, {2, 1}});
    CHECK(seqs(log.arrived()) == Seqs{{1, 7}, {2, 1}});
}

TEST_CASE("delivery log: a hundred chats are noted, not more", "[socketio]") {
    DeliveryLog log;
    for (int i = 0; i < 150; ++i) {
        log.sent({chat(i), 1}, Author::other);
        log.sent({chat(i), 2}, Author::other);
    }
    CHECK(seqs(log.doubtful()).size() == ChatPlaces::most);
    CHECK(seqs(log.left()).size() == ChatPlaces::most);
}
