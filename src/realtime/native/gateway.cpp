#include "ping/realtime/native/gateway.hpp"

#include "ping/core/log.hpp"
#include "realtime/native/session.hpp"

namespace ping::realtime::native {
namespace {

// What is cut off gets this long to notice.
constexpr std::chrono::milliseconds cut_off_grace{500};

/// The Authorization header counts from anywhere; a cookie only where an allowed Origin came with it
/// (TRUST.md T27).
std::string token_of(const http::Upgrade& upgrade, std::string_view session_cookie) {
    if (const auto bearer = upgrade.request.bearer_token()) {
        return std::string(*bearer);
    }
    const bool is_allowed = upgrade.request.origin == http::Origin::allowed;
    return is_allowed ? std::string(upgrade.request.cookie(session_cookie)) : std::string();
}

}  // namespace

Gateway::Gateway(Services services, Metrics& metrics)
    : services_(std::move(services)),
      host_(services_.loop, services_.flusher,
            {services_.limits.outbox_bytes, static_cast<std::size_t>(services_.limits.outbox_frames)},
            [this] { note_end(); }),
      empty_(services_.loop),
      ping_frame_(Frame::control(std::string_view("\x89\x00", 2))) {
    metrics.gauge("ping_native_sockets", "Open native WebSockets",
                  [this] { return static_cast<double>(host_.size()); });
    metrics.gauge("ping_outbox_bytes", "Bytes that wait for slow readers, of all connections",
                  [this] { return static_cast<double>(services_.flusher.queued_bytes()); });
}

Task<> Gateway::accept(http::Upgrade upgrade) {
    auto token = token_of(upgrade, services_.session_cookie);
    auto received = std::move(upgrade.received);
    const auto session = std::make_shared<Session>(*this, std::move(upgrade));
    co_await session->start(std::move(received), std::move(token));
}

void Gateway::close_all(CloseReason reason) {
    for (auto* const session : sessions_) {  // who closes leaves them later
        session->close(reason);
    }
}

Task<> Gateway::drain(std::chrono::milliseconds limit) {
    co_await wait_until_empty(limit);
    host_.cut_all();
    // A socket that was cut off is there until its aborted operations have been reported.
    co_await wait_until_empty(cut_off_grace);
    if (!is_empty()) {
        log::error("socket.drain", {{"sockets", host_.size()}, {"sessions", sessions_.size()}});
    }
}

Task<> Gateway::wait_until_empty(std::chrono::milliseconds limit) {
    if (!is_empty()) {
        empty_.clear();
        co_await empty_.wait_for(limit);
    }
}

void Gateway::remove(Session& session) {
    sessions_.erase(&session);
    note_end();
}

void Gateway::note_end() {
    if (is_empty()) {
        empty_.set();
    }
}

}  // namespace ping::realtime::native
