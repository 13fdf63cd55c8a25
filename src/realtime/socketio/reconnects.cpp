#include "realtime/socketio/reconnects.hpp"

#include <algorithm>
#include <utility>

namespace ping::realtime::socketio {

std::optional<LostConnection> Reconnects::arrived(const Device& device, ConnectionId connection) {
    drop_old();
    const auto entry = by_user_.find(device.user);
    if (entry != by_user_.end()) {
        const auto found = std::ranges::find_if(
            entry->second, [&](Losses::iterator loss) { return loss->device == device; });
        if (found != entry->second.end()) {
            auto what = std::move((*found)->what);
            drop(*found);
            return what;
        }
    }
    newcomers_[device.user].push_back({connection, device.fingerprint, clock_.steady_now()});
    return std::nullopt;
}

std::optional<ConnectionId> Reconnects::lost(const Device& device, SteadyTime last_heard,
                                             LostConnection& loss) {
    drop_old();
    const auto now = clock_.steady_now();
    if (const auto entry = newcomers_.find(device.user); entry != newcomers_.end()) {
        const auto found = std::ranges::find_if(entry->second, [&](const Newcomer& newcomer) {
            return newcomer.fingerprint == device.fingerprint && newcomer.at >= last_heard &&
                   now - newcomer.at < memory;
        });
        if (found != entry->second.end()) {
            const auto connection = found->connection;
            forget(device.user, connection);
            return connection;
        }
    }
    if (const auto known = by_user_.find(device.user);
        known != by_user_.end() && known->second.size() >= most_per_user) {
        drop(known->second.front());
    }
    if (losses_.size() >= most) {
        drop(losses_.begin());
    }
    losses_.push_back({device, now, std::move(loss)});
    by_user_[device.user].push_back(std::prev(losses_.end()));
    return std::nullopt;
}

void Reconnects::forget(UserId user, ConnectionId connection) {
    const auto entry = newcomers_.find(user);
    if (entry == newcomers_.end()) {
        return;
    }
    std::erase_if(entry->second,
                  [connection](const Newcomer& newcomer) { return newcomer.connection == connection; });
    if (entry->second.empty()) {
        newcomers_.erase(entry);
    }
}

void Reconnects::missed(std::span<const UserId> people, ChatPlace place) {
    drop_old();
    if (losses_.empty()) {
        return;
    }
    for (const auto& person : people) {
        if (const auto entry = by_user_.find(person); entry != by_user_.end()) {
            for (const auto loss : entry->second) {
                loss->what.missed.note_first(place);
            }
        }
    }
}

void Reconnects::drop_old() {
    while (!losses_.empty() && clock_.steady_now() - losses_.front().at >= memory) {
        drop(losses_.begin());
    }
}

void Reconnects::drop(Losses::iterator loss) {
    const auto entry = by_user_.find(loss->device.user);
    std::erase(entry->second, loss);
    if (entry->second.empty()) {
        by_user_.erase(entry);
    }
    losses_.erase(loss);
}

}  // namespace ping::realtime::socketio
