#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/id.hpp"

#include <chrono>
#include <cstddef>
#include <unordered_map>
#include <vector>

namespace ping::chats {

/// The members of chats as the store said them at most a second ago, so that keystrokes do not ask it each
/// (TRUST.md §4.5). Nothing else keeps it right: a change of members drops the chat. Loop thread.
class MemberCache {
public:
    static constexpr std::chrono::seconds lifetime{1};
    static constexpr std::size_t capacity = 4096;

    explicit MemberCache(const Clock& clock) : clock_(clock) {}

    /// Null when the store must be asked. Valid until the next call.
    const std::vector<UserId>* find(ChatId chat) const;
    void put(ChatId chat, std::vector<UserId> members);
    void drop(ChatId chat) { entries_.erase(chat); }
    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        std::vector<UserId> members;
        SteadyTime until;
    };
    void make_room();

    const Clock& clock_;
    std::unordered_map<ChatId, Entry> entries_;
};

}  // namespace ping::chats
