#pragma once

#include "ping/core/id.hpp"

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace ping::realtime::socketio {

/// A message's place in a chat.
struct ChatPlace {
    ChatId chat;
    std::int64_t seq = 0;
};

/// A place in each of some chats; few, so they are looked through. Holds `most` chats at most: what happens
/// in more is not noted.
class ChatPlaces {
public:
    static constexpr std::size_t most = 100;

    /// The chat's place becomes this one, unless it has one before it: then false.
    bool note_first(ChatPlace place) {
        if (auto* const known = look_up(place.chat); known != nullptr) {
            return std::exchange(known->seq, std::min(known->seq, place.seq)) > place.seq;
        }
        if (places_.size() < most) {
            places_.push_back(place);
        }
        return true;
    }
    /// The chat's place becomes this one, unless it has one behind it.
    void note_last(ChatPlace place) {
        if (auto* const known = look_up(place.chat); known != nullptr) {
            known->seq = std::max(known->seq, place.seq);
        } else if (places_.size() < most) {
            places_.push_back(place);
        }
    }
    const ChatPlace* find(ChatId chat) const {
        const auto found = std::ranges::find(places_, chat, &ChatPlace::chat);
        return found == places_.end() ? nullptr : &*found;
    }
    bool is_empty() const { return places_.empty(); }
    /// Forgets all, the memory too.
    void clear() {
        places_.clear();
        places_.shrink_to_fit();
    }
    auto begin() const { return places_.begin(); }
    auto end() const { return places_.end(); }

private:
    ChatPlace* look_up(ChatId chat) {
        const auto found = std::ranges::find(places_, chat, &ChatPlace::chat);
        return found == places_.end() ? nullptr : &*found;
    }

    boost::container::small_vector<ChatPlace, 1> places_;  ///< in a talk there is one: no memory per turn
};

}  // namespace ping::realtime::socketio
