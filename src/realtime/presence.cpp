#include "ping/realtime/presence.hpp"

namespace ping::realtime {

Presence::Presence(Hub& hub, TimerWheel& timers, const Clock& clock, Metrics& metrics)
    : timers_(timers), clock_(clock) {
    hub.observe(*this);
    metrics.gauge("ping_users_online", "Users with a socket, or within the grace after the last one",
                  [this] { return static_cast<double>(people_.size()); });
}

void Presence::joined(const Caller& caller, WireFormat /*format*/) {
    const UserId user = caller.identity.user;
    const auto [entry, is_new] = people_.try_emplace(user);
    ++entry->second.connections;
    entry->second.grace_timer.disarm();
    if (is_new) {
        for (auto* const listener : listeners_) {
            listener->came_online(user);
        }
    }
}

void Presence::left(const Caller& caller, Departure how) {
    const UserId user = caller.identity.user;
    const auto entry = people_.find(user);
    if (entry == people_.end()) {
        return;  // everyone went offline at the stop
    }
    auto& person = entry->second;
    person.last_session = caller.identity.session;
    person.last_seen = clock_.now();
    if (--person.connections > 0) {
        return;
    }
    if (how == Departure::lost || how == Departure::page_closed) {
        person.grace_timer.set([this, user] { go_offline(user); });
        timers_.arm(person.grace_timer, grace);
    } else {
        go_offline(user);
    }
}

void Presence::session_ended(UserId user, SessionId session) {
    const auto entry = people_.find(user);
    if (entry != people_.end() && entry->second.connections == 0 && entry->second.last_session == session) {
        go_offline(user);
    }
}

void Presence::end() {
    const Time now = clock_.now();
    std::vector<UserId> users;
    users.reserve(people_.size());
    for (auto& [user, person] : people_) {
        person.last_seen = person.connections > 0 ? now : person.last_seen;
        users.push_back(user);
    }
    for (const auto& user : users) {
        go_offline(user);
    }
}

void Presence::go_offline(UserId user) {
    const auto person = people_.extract(user);
    for (auto* const listener : listeners_) {
        listener->went_offline(user, person.mapped().last_seen);
    }
}

}  // namespace ping::realtime
