#include "ping/chats/member_cache.hpp"

#include <utility>

namespace ping::chats {

const std::vector<UserId>* MemberCache::find(ChatId chat) const {
    const auto entry = entries_.find(chat);
    const bool is_fresh = entry != entries_.end() && clock_.steady_now() < entry->second.until;
    return is_fresh ? &entry->second.members : nullptr;
}

void MemberCache::put(ChatId chat, std::vector<UserId> members) {
    make_room();
    entries_.insert_or_assign(chat, Entry{std::move(members), clock_.steady_now() + lifetime});
}

void MemberCache::make_room() {
    if (entries_.size() < capacity) {
        return;
    }
    const auto now = clock_.steady_now();
    std::erase_if(entries_, [now](const auto& entry) { return now >= entry.second.until; });
    if (entries_.size() >= capacity) {
        entries_.clear();  // what is asked for again is loaded again
    }
}

}  // namespace ping::chats
