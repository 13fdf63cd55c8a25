#include "ping/http/server.hpp"

#include "http/listener.hpp"
#include "http/middleware/auth.hpp"
#include "http/session.hpp"
#include "ping/core/log.hpp"

namespace ping::http {
namespace {

// What is cut off gets this long to notice.
constexpr std::chrono::milliseconds cut_off_grace{500};

}  // namespace

Context::Context(Loop& loop_in, const Config& config_in, const Router& router_in,
                 Authenticate authenticate_in, Metrics& metrics_in)
    : loop(loop_in),
      config(config_in),
      router(router_in),
      authenticate(std::move(authenticate_in)),
      metrics(metrics_in),
      origins(config_in.server),
      ids(loop_in.clock()),
      limits(ConnectionLimits::below_file_limit(config_in.limits.connections), config_in.limits.per_ip),
      cookie_name(session_cookie(config_in.server)),
      tasks(loop_in) {
    metrics_in.gauge("ping_http_connections", "Open connections, upgraded ones included.",
                     [open = limits] { return static_cast<double>(open.open()); });
}

class Server::Impl {
public:
    Impl(Loop& loop, const Config& config, const Router& router, Authenticate authenticate, Metrics& metrics)
        : context(std::make_shared<Context>(loop, config, router, std::move(authenticate), metrics)) {}

    // Sessions are shared by their tasks: those that a drain left behind keep what they use.
    std::shared_ptr<Context> context;
    std::vector<std::shared_ptr<Listener>> listeners;
};

Server::Server(Loop& loop, const Config& config, const Router& router, Authenticate authenticate,
               Metrics& metrics)
    : impl_(std::make_unique<Impl>(loop, config, router, std::move(authenticate), metrics)) {}

Server::~Server() = default;

Result<void> Server::start() {
    auto& context = *impl_->context;
    auto proxies = TrustedProxies::parse(context.config.server.trusted_proxies);
    if (!proxies) {
        return proxies.error();
    }
    context.proxies = std::move(*proxies);
    for (const auto& text : context.config.server.listen) {
        const auto endpoint = parse_listen_address(text);
        if (!endpoint) {
            return endpoint.error();
        }
        auto listener = std::make_shared<Listener>(impl_->context);
        if (auto opened = listener->open(*endpoint); !opened) {
            return opened;
        }
        impl_->listeners.push_back(std::move(listener));
    }
    for (const auto& listener : impl_->listeners) {
        context.tasks.spawn("http.listener", [listener] { return listener->run(); });
    }
    return ok();
}

std::vector<std::string> Server::addresses() const {
    std::vector<std::string> texts;
    for (const auto& listener : impl_->listeners) {
        texts.push_back(to_text(listener->endpoint()));
    }
    return texts;
}

void Server::stop_accepting() {
    impl_->context->is_stopping = true;
    for (const auto& listener : impl_->listeners) {
        listener->close();
    }
    for (auto* const session : impl_->context->sessions) {
        session->stop();
    }
}

Task<> Server::drain(std::chrono::milliseconds limit) {
    const auto context = impl_->context;
    const bool is_empty = co_await context->tasks.join_for(limit);
    if (is_empty) {
        co_return;
    }
    for (auto* const session : context->sessions) {
        session->cut_off();
    }
    const bool is_cut_off = co_await context->tasks.join_for(cut_off_grace);
    if (!is_cut_off) {
        log::warn("http.drain", {{"left", context->tasks.size()}});
    }
}

Task<> Server::join() {
    const auto context = impl_->context;
    co_await context->tasks.join();
}

}  // namespace ping::http
