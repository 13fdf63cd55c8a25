#include "ping/realtime/typing.hpp"

namespace ping::realtime {

Typing::Typing(Hub& hub, TimerWheel& timers, const Clock& clock, Tell tell)
    : hub_(hub),
      timers_(timers),
      clock_(clock),
      tell_(std::move(tell)),
      starts_(clock, starts_per_second, starts_per_second) {
    hub_.observe(*this);
}

void Typing::ask(const Caller& caller, ChatId chat) {
    if (!hub_.has(caller.connection)) {
        return;
    }
    const Key key(caller.identity.user, chat);
    const auto [entry, is_new] = typists_.try_emplace(key);
    auto& typist = entry->second;
    if (is_new) {
        typist.silence_timer.set([this, key] { stop(key.first, key.second); });
    }
    typist.connection = caller.connection;
    timers_.arm(typist.silence_timer, silence);
}

void Typing::start(UserId user, ChatId chat, std::vector<UserId> members) {
    const auto entry = typists_.find(Key(user, chat));
    if (entry == typists_.end()) {
        return;
    }
    auto& typist = entry->second;
    std::erase(members, user);
    typist.audience = std::move(members);
    const auto now = clock_.steady_now();
    if (typist.told_at && now - *typist.told_at < repeat_after) {
        return;
    }
    if (!starts_.take(user.to_string())) {
        typist.told_at = now;
        tell_(Change{chat, user, true, typist.audience});
    } else if (!typist.told_at) {
        typists_.erase(entry);
    }
}

void Typing::refuse(UserId user, ChatId chat) {
    const auto entry = typists_.find(Key(user, chat));
    if (entry != typists_.end() && !entry->second.told_at) {
        typists_.erase(entry);
    }
}

void Typing::stop(UserId user, ChatId chat) {
    // Out of the books before it is told: nobody who hears of it finds it still there.
    if (auto typist = typists_.extract(Key(user, chat)); !typist.empty() && typist.mapped().told_at) {
        tell_(Change{chat, user, false, std::move(typist.mapped().audience)});
    }
}

void Typing::left(const Caller& caller, Departure /*how*/) {
    const UserId user = caller.identity.user;
    std::vector<ChatId> ended;
    for (auto entry = typists_.lower_bound(Key(user, ChatId()));
         entry != typists_.end() && entry->first.first == user; ++entry) {
        if (entry->second.connection == caller.connection) {
            ended.push_back(entry->first.second);
        }
    }
    for (const auto& chat : ended) {
        stop(user, chat);
    }
}

}  // namespace ping::realtime
