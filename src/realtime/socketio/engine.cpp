#include "ping/realtime/socketio/engine.hpp"

#include "ping/core/log.hpp"
#include "realtime/socketio/engine_answers.hpp"
#include "realtime/socketio/engine_session.hpp"
#include "realtime/web_socket.hpp"

#include <utility>
#include <vector>

namespace ping::realtime::socketio {
namespace {

constexpr std::string_view protocol_version = "4";
constexpr std::size_t sid_bytes = 16;
// What is cut off gets this long to notice.
constexpr std::chrono::milliseconds cut_off_grace{500};

http::Response too_many() {
    const auto error =
        errors::rate_limited("Too many sessions", std::chrono::seconds(2), "too_many_sessions");
    return http::error_response(error, {});
}

}  // namespace

Engine::Engine(EngineServices services, EngineOptions options, EngineAccept accept)
    : services_(services),
      options_(options),
      accept_(std::move(accept)),
      host_(services.loop, services.flusher, options.outbox, [this] { note_end(); }),
      empty_(services.loop),
      ping_frame_(Frame::text("2")) {}

Engine::~Engine() = default;

// Before a session is opened. The order is that of the reference server.
std::optional<http::Response> Engine::refuse_handshake(const http::Request& request) const {
    if (request.method != http::Method::get) {
        return engine_refusal(EngineError::bad_method);
    }
    if (request.query("EIO") != protocol_version) {
        return engine_refusal(EngineError::unsupported_version);
    }
    const auto client = clients_.find(request.client_network());
    const bool is_full = options_.sessions_per_client != 0 && client != clients_.end() &&
                         client->second >= options_.sessions_per_client;
    if (is_full || sessions_.size() >= options_.sessions) {
        return too_many();
    }
    return std::nullopt;
}

std::optional<http::Response> Engine::admit(http::Request& request, std::size_t& body_limit) {
    body_limit = 0;
    if (request.origin == http::Origin::foreign) {
        return engine_refusal(EngineError::forbidden);
    }
    const auto transport = request.query("transport");
    if (transport != "polling") {
        // A WebSocket without a handshake is a bad request, everything else no transport of ours.
        return engine_refusal(transport == "websocket" ? EngineError::bad_request
                                                       : EngineError::unknown_transport);
    }
    if (!request.query("sid")) {
        return refuse_handshake(request);
    }
    const auto session = find(request);
    if (!session) {
        return engine_refusal(EngineError::unknown_sid);
    }
    if (!session->is_polling()) {
        return engine_refusal(EngineError::bad_request);
    }
    if (request.method == http::Method::get) {
        return std::nullopt;
    }
    if (request.method != http::Method::post) {
        return engine_refusal(EngineError::bad_method);
    }
    request.claim = session->claim_post();
    if (!request.claim || request.header("content-type") == "application/octet-stream") {
        return engine_refusal(EngineError::bad_request);
    }
    body_limit = session->packet_bytes();
    return std::nullopt;
}

Task<Result<http::Response>> Engine::handle(http::Request& request) {
    if (!request.query("sid")) {
        const auto session = open(request);
        session->begin(nullptr, accept_, request);
        co_return payload_response(session->open_packet());
    }
    const auto session = find(request);
    if (!session || !session->is_polling()) {
        co_return engine_refusal(EngineError::unknown_sid);  // it ended while the body came
    }
    if (request.method == http::Method::get) {
        co_return co_await session->poll(request);
    }
    co_return co_await session->receive(request);
}

std::optional<http::Response> Engine::admit_upgrade(const http::Request& request) {
    if (request.query("transport") != "websocket") {
        return engine_refusal(EngineError::unknown_transport);
    }
    if (!request.query("sid")) {
        return refuse_handshake(request);
    }
    return find(request) ? std::nullopt : std::optional(engine_refusal(EngineError::unknown_sid));
}

Task<> Engine::accept_upgrade(http::Upgrade upgrade) {
    auto received = std::move(upgrade.received);
    auto request = std::move(upgrade.request);
    const auto socket = std::make_shared<WebSocket>(host_, std::move(upgrade));
    socket->set_message_bytes(options_.first_packet_bytes);
    const bool is_accepted = co_await socket->accept(std::move(received));
    if (!is_accepted) {
        co_return;
    }
    if (!request.query("sid")) {
        open(request)->begin(socket, accept_, request);
        co_return;
    }
    const auto session = find(request);
    if (!session || !session->probe(socket, std::move(request))) {
        socket->close(CloseReason::policy);
    }
}

std::shared_ptr<EngineSession> Engine::open(const http::Request& request) {
    auto session =
        std::make_shared<EngineSession>(*this, crypto::random_hex(services_.rng, sid_bytes), request);
    ++clients_[session->network()];
    sessions_.emplace(session->sid(), session);
    return session;
}

// Null when there is none of that sid, it is another's, or it has just been found to be over.
std::shared_ptr<EngineSession> Engine::find(const http::Request& request) const {
    const auto entry = sessions_.find(request.query("sid").value_or(std::string()));
    if (entry == sessions_.end()) {
        return nullptr;
    }
    auto session = entry->second;
    return !session->has_expired() && session->belongs_to(request) ? session : nullptr;
}

void Engine::remove(EngineSession& session) {
    const auto client = clients_.find(session.network());
    if (client != clients_.end() && --client->second == 0) {
        clients_.erase(client);
    }
    sessions_.erase(session.sid());
    note_end();
}

void Engine::note_end() {
    if (is_empty()) {
        empty_.set();
    }
}

void Engine::close_all(CloseReason reason) {
    const auto sessions = sessions_;  // a copy: who has no connection leaves at once
    for (const auto& [sid, session] : sessions) {
        session->close(reason);
    }
}

Task<> Engine::drain(std::chrono::milliseconds limit) {
    co_await wait_until_empty(limit);
    const auto sessions = sessions_;
    for (const auto& [sid, session] : sessions) {
        session->cut();
    }
    host_.cut_all();
    // A socket that was cut off is there until its aborted operations have been reported.
    co_await wait_until_empty(cut_off_grace);
    if (!is_empty()) {
        log::error("socketio.drain", {{"sessions", sessions_.size()}, {"sockets", host_.size()}});
    }
}

Task<> Engine::wait_until_empty(std::chrono::milliseconds limit) {
    if (!is_empty()) {
        empty_.clear();
        co_await empty_.wait_for(limit);
    }
}

}  // namespace ping::realtime::socketio
