#include "ping/realtime/native/gateway.hpp"

#include "ping/core/log.hpp"
#include "realtime/native/session.hpp"

#include <vector>

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
    return upgrade.origin_allowed ? std::string(upgrade.request.cookie(session_cookie)) : std::string();
}

}  // namespace

Gateway::Gateway(Services services, Metrics& metrics)
    : services_(std::move(services)),
      empty_(services_.loop),
      ping_frame_(Frame::control(std::string_view("\x89\x00", 2))) {
    metrics.gauge("ping_native_sockets", "Open native WebSockets",
                  [this] { return static_cast<double>(sessions_.size()); });
}

Task<> Gateway::accept(http::Upgrade upgrade) {
    auto token = token_of(upgrade, services_.session_cookie);
    auto received = std::move(upgrade.received);
    const auto session = std::make_shared<Session>(*this, std::move(upgrade));
    co_await session->start(std::move(received), std::move(token));
}

void Gateway::close_all(CloseReason reason) {
    for (auto* const session : sessions_) {
        session->close(reason);
    }
}

Task<> Gateway::drain(std::chrono::milliseconds limit) {
    co_await wait_until_empty(limit);
    const std::vector<Session*> rest(sessions_.begin(), sessions_.end());
    for (auto* const session : rest) {
        session->cut();
    }
    // A session that was cut off is there until its aborted operations have been reported.
    co_await wait_until_empty(cut_off_grace);
    if (!sessions_.empty()) {
        log::error("socket.drain", {{"left", sessions_.size()}});
    }
}

Task<> Gateway::wait_until_empty(std::chrono::milliseconds limit) {
    if (!sessions_.empty()) {
        empty_.clear();
        co_await empty_.wait_for(limit);
    }
}

void Gateway::remove(Session& session) {
    sessions_.erase(&session);
    if (sessions_.empty()) {
        empty_.set();
    }
}

}  // namespace ping::realtime::native
