#include "ping/realtime/hub.hpp"

#include <algorithm>

namespace ping::realtime {

Membership::Membership(Membership&& other) noexcept
    : hub_(std::exchange(other.hub_, nullptr)), id_(other.id_) {}

Membership& Membership::operator=(Membership&& other) noexcept {
    if (this != &other) {
        leave();
        hub_ = std::exchange(other.hub_, nullptr);
        id_ = other.id_;
    }
    return *this;
}

void Membership::leave(Departure how) {
    if (hub_ != nullptr) {
        std::exchange(hub_, nullptr)->leave(id_, how);
    }
}

Hub::Hub(std::size_t per_user, Metrics& metrics)
    : per_user_(per_user),
      deliveries_(metrics.counter("ping_deliveries_total", "Events queued for connections")) {
    metrics.gauge("ping_connections", "Authenticated sockets",
                  [this] { return static_cast<double>(connections_.size()); });
}

Membership Hub::join(Connection& connection) {
    const Identity& identity = connection.identity();
    auto& places = users_[identity.user];
    if (per_user_ != 0 && places.size() >= per_user_) {
        return Membership();
    }
    const auto id = static_cast<ConnectionId>(++last_id_);
    places.push_back({id, &connection});
    connections_.emplace(id, &connection);
    for (auto* const observer : observers_) {
        observer->joined(Caller{identity, id}, connection.format());
    }
    return Membership(*this, id);
}

void Hub::leave(ConnectionId id, Departure how) {
    const auto entry = connections_.find(id);
    if (entry == connections_.end()) {
        return;  // its session has ended
    }
    const Caller caller{entry->second->identity(), id};
    connections_.erase(entry);
    remove_from_user(caller.identity.user, id);
    for (auto* const observer : observers_) {
        observer->left(caller, how);
    }
}

void Hub::remove_from_user(UserId user, ConnectionId id) {
    const auto entry = users_.find(user);
    std::erase_if(entry->second, [id](const Place& place) { return place.id == id; });
    if (entry->second.empty()) {
        users_.erase(entry);
    }
}

void Hub::deliver(std::span<const UserId> recipients, std::string_view name, const boost::json::value& data,
                  const std::optional<MessagePlace>& message) {
    OutgoingEvent event(name, data, message);
    for (const auto& user : recipients) {
        const auto entry = users_.find(user);
        if (entry == users_.end()) {
            continue;
        }
        for (const auto& place : entry->second) {
            place.connection->deliver(event);
        }
        deliveries_.add(entry->second.size());
    }
}

void Hub::deliver(std::span<const ConnectionId> recipients, std::string_view name,
                  const boost::json::value& data) {
    OutgoingEvent event(name, data);
    for (const auto id : recipients) {
        if (const auto entry = connections_.find(id); entry != connections_.end()) {
            entry->second->deliver(event);
            deliveries_.add();
        }
    }
}

void Hub::end_session(UserId user, SessionId session, std::string_view reason) {
    std::vector<Place> ended;
    if (const auto entry = users_.find(user); entry != users_.end()) {
        std::copy_if(
            entry->second.begin(), entry->second.end(), std::back_inserter(ended),
            [session](const Place& place) { return place.connection->identity().session == session; });
    }
    const boost::json::value data{{"reason", reason}};
    OutgoingEvent event("sessionEnded", data);
    for (const auto& place : ended) {
        place.connection->deliver(event);
        leave(place.id, Departure::logged_out);
        place.connection->close(CloseReason::not_authenticated);
    }
    for (auto* const observer : observers_) {
        observer->session_ended(user, session);
    }
}

}  // namespace ping::realtime
