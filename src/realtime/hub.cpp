#include "ping/realtime/hub.hpp"

#include <algorithm>

namespace ping::realtime {

Membership::Membership(Membership&& other) noexcept
    : hub_(std::exchange(other.hub_, nullptr)), connection_(std::exchange(other.connection_, nullptr)) {}

Membership& Membership::operator=(Membership&& other) noexcept {
    if (this != &other) {
        leave();
        hub_ = std::exchange(other.hub_, nullptr);
        connection_ = std::exchange(other.connection_, nullptr);
    }
    return *this;
}

void Membership::leave() {
    if (hub_ != nullptr) {
        std::exchange(hub_, nullptr)->leave(*connection_);
    }
}

Hub::Hub(std::size_t per_user, Metrics& metrics)
    : per_user_(per_user),
      deliveries_(metrics.counter("ping_deliveries_total", "Events queued for connections")) {
    metrics.gauge("ping_connections", "Authenticated sockets", [this] { return static_cast<double>(size_); });
}

Membership Hub::join(Connection& connection) {
    auto& list = connections_[connection.identity().user];
    if (per_user_ != 0 && list.size() >= per_user_) {
        return Membership();
    }
    list.push_back(&connection);
    ++size_;
    return Membership(*this, connection);
}

void Hub::leave(Connection& connection) {
    const auto entry = connections_.find(connection.identity().user);
    if (entry == connections_.end()) {
        return;
    }
    size_ -= std::erase(entry->second, &connection);
    if (entry->second.empty()) {
        connections_.erase(entry);
    }
}

void Hub::deliver(std::span<const UserId> recipients, std::string_view name, const boost::json::value& data) {
    OutgoingEvent event(name, data);
    for (const auto& user : recipients) {
        const auto entry = connections_.find(user);
        if (entry == connections_.end()) {
            continue;
        }
        for (auto* const connection : entry->second) {
            connection->deliver(event);
        }
        deliveries_.add(entry->second.size());
    }
}

void Hub::end_session(UserId user, SessionId session, std::string_view reason) {
    const auto entry = connections_.find(user);
    if (entry == connections_.end()) {
        return;
    }
    const boost::json::value data{{"reason", reason}};
    OutgoingEvent event("sessionEnded", data);
    for (auto* const connection : entry->second) {
        if (connection->identity().session == session) {
            connection->deliver(event);
            connection->close(CloseReason::not_authenticated);
        }
    }
}

}  // namespace ping::realtime
