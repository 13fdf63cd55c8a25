#include "ping/realtime/socketio/gateway.hpp"

#include "ping/core/log.hpp"
#include "realtime/socketio/member.hpp"
#include "realtime/socketio/reconnects.hpp"
#include "realtime/socketio/visitor.hpp"

#include <algorithm>
#include <utility>

namespace ping::realtime::socketio {
namespace {

// A client that polls asks again at once: what it may take on a slow line. A client that was cut off waits
// half a second before it first tries to come back.
constexpr std::chrono::seconds poll_pause{2};

ServerOptions server_options(const Config::Limits& limits) {
    ServerOptions options;
    options.engine.max_packet_bytes = Gateway::packet_bytes;
    options.engine.sessions = static_cast<std::size_t>(limits.connections);
    options.engine.sessions_per_client = static_cast<std::size_t>(limits.per_ip);
    options.engine.outbox = {limits.outbox_bytes, static_cast<std::size_t>(limits.outbox_frames)};
    return options;
}

}  // namespace

Gateway::Gateway(Services services, Metrics& metrics)
    : services_(std::move(services)),
      reconnects_(std::make_unique<Reconnects>(services_.loop.clock())),
      server_(std::make_unique<Server>(
          EngineServices{services_.loop, services_.flusher, services_.rng}, services_.tasks,
          server_options(services_.limits),
          [this](const http::Request& handshake) { return std::make_shared<Visitor>(*this, handshake); })) {
    metrics.gauge("ping_socketio_sessions", "Open Socket.IO sessions",
                  [this] { return static_cast<double>(engine().size()); });
    metrics.gauge("ping_socketio_lost", "Lost Socket.IO connections whose device may come back",
                  [this] { return static_cast<double>(reconnects_->size()); });
    if (services_.trusts_query_user_id) {
        log::warn("socketio.trusts_query_user_id",
                  {{"message", "compat.trust_query_user_id is on: anyone who connects can be anyone"}});
    }
}

Gateway::~Gateway() = default;

void Gateway::note_message(std::span<const UserId> recipients, const MessagePlace& message) {
    reconnects_->missed(recipients, {message.chat, message.seq});
}

void Gateway::add(Member& member) {
    members_[member.identity().user].push_back(&member);
}

void Gateway::remove(const Member& member) {
    const auto entry = members_.find(member.identity().user);
    if (entry != members_.end() && std::erase(entry->second, &member) > 0 && entry->second.empty()) {
        members_.erase(entry);
    }
}

Member* Gateway::find(UserId user, ConnectionId id) const {
    const auto entry = members_.find(user);
    if (entry == members_.end()) {
        return nullptr;
    }
    const auto found = std::ranges::find(entry->second, id, &Member::id);
    return found == entry->second.end() ? nullptr : *found;
}

/// A device that was cut off between two polls is back before the server has noticed: it should not get what
/// is new before what it has missed. Another tab of the same browser has a GET waiting, or soon.
void Gateway::doubt_others(const Member& newcomer) {
    for (auto* const member : members_.at(newcomer.identity().user)) {
        if (member != &newcomer && member->device() == newcomer.device()) {
            member->end_unless_polled(poll_pause);
        }
    }
}

}  // namespace ping::realtime::socketio
