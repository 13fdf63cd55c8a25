#include "ping/chats/seen_at_once.hpp"

#include "ping/core/log.hpp"

#include <algorithm>

namespace ping::chats {

void SeenAtOnce::note(UserId reader, ChatId chat, Seq seq) {
    const Key key(reader, chat);
    const auto [entry, is_new] = wanted_.try_emplace(key, seq);
    if (is_new) {
        tasks_.spawn("chats.seen_at_once", [this, key] { return run(key); });
    } else {
        entry->second = std::max(entry->second, seq);
    }
}

Task<> SeenAtOnce::run(Key key) {
    const auto entry = wanted_.find(key);  // nobody else erases it
    bool is_done = false;
    while (!is_done) {
        const Seq seq = entry->second;
        const auto moved = co_await mark_read_(key.first, key.second, seq);
        if (!moved) {
            log::warn("chats.not_seen_at_once", {{"code", moved.error().slug}});
        }
        is_done = !moved || entry->second == seq;
    }
    wanted_.erase(entry);
}

}  // namespace ping::chats
