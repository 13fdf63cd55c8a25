#include "ping/realtime/socketio/gateway.hpp"

#include "ping/core/log.hpp"
#include "realtime/socketio/member.hpp"
#include "realtime/socketio/reconnects.hpp"
#include "realtime/socketio/visitor.hpp"

#include <utility>

namespace ping::realtime::socketio {
namespace {

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

Member* Gateway::find(ConnectionId id) const {
    const auto entry = members_.find(id);
    return entry == members_.end() ? nullptr : entry->second;
}

}  // namespace ping::realtime::socketio
