#include "realtime/socketio/catch_up.hpp"

#include <algorithm>
#include <utility>

namespace ping::realtime::socketio {

void CatchUp::add(ChatPlace first, std::optional<std::int64_t> live_from) {
    chats_.push_back({first.chat, first.seq - 1, live_from});
}

ChatPlace CatchUp::next() const {
    return {chats_[running_].id, chats_[running_].sent};
}

bool CatchUp::takes(std::int64_t seq) {
    auto& chat = chats_[running_];
    if (seq <= chat.sent || (chat.live_from && seq >= *chat.live_from)) {
        return false;
    }
    chat.sent = seq;
    has_taken_ = true;
    return true;
}

void CatchUp::page_read(bool has_more) {
    const auto& chat = chats_[running_];
    const bool reaches_live = chat.live_from && chat.sent + 1 >= *chat.live_from;
    // A page that brought nothing ends it in any case.
    const bool is_stuck = !std::exchange(has_taken_, false);
    if (reaches_live || is_stuck || (!has_more && chat.sent >= chat.held)) {
        ++running_;
    }
}

ChatPlaces CatchUp::missing() const {
    ChatPlaces places;
    for (auto i = running_; i < chats_.size(); ++i) {
        places.note_first({chats_[i].id, chats_[i].sent + 1});
    }
    return places;
}

bool CatchUp::holds(ChatPlace place) {
    const auto chat = std::ranges::find(chats_, place.chat, &Chat::id);
    if (chat == chats_.end() || chat->live_from) {
        return false;
    }
    const bool is_complete = static_cast<std::size_t>(chat - chats_.begin()) < running_;
    if (is_complete) {
        return place.seq <= chat->sent;  // it was in the store before it was told
    }
    chat->held = std::max(chat->held, place.seq);
    return true;
}

}  // namespace ping::realtime::socketio
