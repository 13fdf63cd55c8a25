#include "http/listener.hpp"

#include "http/session.hpp"
#include "ping/core/log.hpp"

namespace ping::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// The pause after a failure to accept: without descriptors the next try would fail at once, and the loop
// would spin (TRUST.md T42).
constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::chrono::seconds report_interval{1};

bool is_peers_fault(const error_code& error) {
    return error == asio::error::connection_aborted || error == asio::error::connection_reset;
}

}  // namespace

Listener::Listener(std::shared_ptr<Context> context)
    : context_(std::move(context)), acceptor_(context_->loop.context()), closed_(context_->loop) {}

Result<void> Listener::open(const tcp::endpoint& endpoint) {
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) {
        acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    }
    if (!error && endpoint.address().is_v6()) {
        // So that 0.0.0.0 and [::] can be listened on side by side.
        acceptor_.set_option(asio::ip::v6_only(true), error);
    }
    if (!error) {
        acceptor_.bind(endpoint, error);
    }
    if (!error) {
        acceptor_.listen(asio::socket_base::max_listen_connections, error);
    }
    if (!error) {
        endpoint_ = acceptor_.local_endpoint(error);
    }
    if (error) {
        return Error(ErrorCode::unavailable, "cannot_listen",
                     "Cannot listen on " + to_text(endpoint) + ": " + error.message());
    }
    return ok();
}

Task<> Listener::run() {
    while (!closed_.is_set()) {
        auto [error, socket] = co_await acceptor_.async_accept(use_task);
        if (closed_.is_set()) {
            break;
        }
        if (!error) {
            admit(std::move(socket));
        } else if (!is_peers_fault(error)) {
            report(error);
            co_await closed_.wait_for(accept_pause);
        }
    }
}

void Listener::close() {
    error_code ignored;  // nothing is left to do for a descriptor that does not close
    acceptor_.close(ignored);
    closed_.set();
}

void Listener::admit(Socket socket) {
    error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) {
        return;  // gone before we looked
    }
    const auto peer = normalized(remote.address());
    Places places;
    places.of_all = context_->limits.take_place();
    if (places.of_all == nullptr) {
        context_->metrics.refused_of_all.add();
        report(asio::error::no_buffer_space);
        return;
    }
    if (!context_->proxies.contains(peer)) {
        places.of_address = context_->limits.take_place_of(peer);
        if (places.of_address == nullptr) {
            context_->metrics.refused_of_address.add();
            return;
        }
    }
    socket.set_option(tcp::no_delay(true), error);  // a failure costs only latency
    auto session = std::make_shared<Session>(context_, std::move(socket), peer, std::move(places));
    context_->tasks.spawn("http.session", [session] { return session->run(); });
}

// At most one line a second: a flood of connections must not become a flood of lines.
void Listener::report(const error_code& error) {
    const auto now = context_->loop.clock().steady_now();
    if (now - last_report_ < report_interval) {
        return;
    }
    last_report_ = now;
    log::warn("http.accept_failed", {{"address", to_text(endpoint_)}, {"error", error.message()}});
}

}  // namespace ping::http
