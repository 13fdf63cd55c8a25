#include "ping/app/application.hpp"

#include "app/parts.hpp"
#include "ping/core/exception_text.hpp"
#include "ping/core/log.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <string>
#include <thread>
#include <utility>

namespace ping::app {
namespace {

// Bounds of a stop's steps, which come one after the other; the mail worker's runs beside them, from the
// start. Together below the 10 s that a stop may take.
constexpr std::chrono::milliseconds socket_drain{2000};
constexpr std::chrono::milliseconds request_drain{5000};
constexpr std::chrono::milliseconds mail_drain{8000};
// How long a start waits for a server that it can do without.
constexpr std::chrono::milliseconds connect_patience{1000};

}  // namespace

Application::Application(Config config, Externals externals)
    : parts_(std::make_unique<Parts>(std::move(config), std::move(externals))) {}

Application::~Application() = default;

Result<void> Application::start() {
    auto engines = open_engines(parts_->base);
    if (!engines) {
        return engines.error();
    }
    parts_->engines = std::move(*engines);
    auto web = WebClient::open(parts_->base.config.server);
    if (!web) {
        return web.error();
    }
    parts_->web = std::make_unique<WebClient>(std::move(*web));
    parts_->modules = std::make_unique<Modules>(parts_->base, *parts_->engines);
    mount_web_client(parts_->modules->router, *parts_->web);
    // Before the first request: a token of a revoked session must not be taken for a live one.
    if (auto loaded = load(); !loaded) {
        return loaded;
    }
    auto listening = parts_->modules->server.start();
    parts_->modules->health.set_ready(listening.has_value());
    return listening;
}

Result<void> Application::load() {
    auto& loop = parts_->base.loop;
    Result<void> outcome = errors::internal("not loaded");
    const auto body = [&]() -> Task<> {
        co_await connect();
        outcome = co_await parts_->modules->sessions.load();
    };
    boost::asio::co_spawn(loop.executor(), body, [&](const std::exception_ptr& failure) {
        if (failure) {
            outcome = errors::internal("loading the sessions: " + exception_text(failure));
        }
        loop.stop();
    });
    loop.run();
    return outcome;
}

Task<> Application::connect() {
    auto* const redis = parts_->engines->redis.get();
    if (redis == nullptr) {
        co_return;
    }
    redis->start();
    // Login fails without it, all else works: no reason not to start.
    const bool is_up = co_await redis->wait_until_up(connect_patience);
    if (!is_up) {
        log::warn("app.without_redis");
    }
}

bool Application::run() {
    auto& base = parts_->base;
    base.tasks.spawn("app.check_store", [this] { return check_store(); });
    base.tasks.spawn("auth.activity", [this] { return parts_->modules->session_activity.run(); });
    base.tasks.spawn("media.sweeps", [this] { return parts_->modules->media.run(); });
    parts_->modules->mail_worker.start();
    base.loop.run();
    return !parts_->is_damaged;
}

void Application::request_stop() {
    parts_->base.loop.post([this] {
        if (!std::exchange(parts_->is_stopping, true)) {
            if (parts_->base.externals.on_stop) {
                parts_->base.externals.on_stop();
            }
            // Beside the task group, which it waits for.
            boost::asio::co_spawn(
                parts_->base.loop.executor(), [this] { return stop(); },
                [this](const std::exception_ptr& failure) {
                    if (failure) {
                        log::error("app.stop_failed", {{"what", exception_text(failure)}});
                    }
                    parts_->base.loop.stop();
                });
        }
    });
}

Task<> Application::check_store() {
    const auto checked = co_await parts_->engines->database->quick_check();
    if (!checked && !parts_->is_stopping) {
        log::error("store.damaged", {{"detail", checked.error().detail}});
        parts_->modules->health.set_ready(false);
        parts_->is_damaged = true;
        request_stop();
    }
}

Task<> Application::stop() {
    auto& base = parts_->base;
    auto& modules = *parts_->modules;
    log::info("app.stopping");
    modules.health.set_ready(false);
    modules.server.stop_accepting();
    // The mail thread may wait for the loop, so the loop cannot wait for it: a helper thread joins it.
    const auto mail_deadline = base.loop.clock().steady_now() + mail_drain;
    const std::jthread joiner([&parts = *parts_] {
        parts.modules->mail_worker.stop();
        parts.base.loop.post([&parts] { parts.mail_ended.set(); });
    });
    modules.gateway.close_all(realtime::CloseReason::going_away);
    modules.socketio.engine().close_all(realtime::CloseReason::going_away);
    const auto sockets_deadline = base.loop.clock().steady_now() + socket_drain;
    co_await modules.gateway.drain(socket_drain);
    const auto sockets_left = sockets_deadline - base.loop.clock().steady_now();
    co_await modules.socketio.engine().drain(std::chrono::ceil<std::chrono::milliseconds>(sockets_left));
    co_await modules.server.drain(request_drain);
    modules.chats.flush();
    modules.presence.end();
    co_await modules.last_seen.finish();
    const auto mail_left = mail_deadline - base.loop.clock().steady_now();
    const bool has_mail_ended =
        co_await parts_->mail_ended.wait_for(std::chrono::ceil<std::chrono::milliseconds>(mail_left));
    if (!has_mail_ended) {
        log::error("app.mail_not_ended");
    }
    modules.session_activity.stop();
    modules.media.stop();
    parts_->engines->database->interrupt_reads();  // the check of the file may take long
    // Without a bound: what is left waits for the database, which answers every job that it has taken.
    co_await modules.server.join();
    if (parts_->engines->redis) {
        parts_->engines->redis->stop();
    }
    co_await base.tasks.join();
    parts_->engines->database->close();
    log::info("app.stopped");
}

std::vector<std::string> Application::addresses() const {
    return parts_->modules->server.addresses();
}
bool Application::has_new_data() const {
    return parts_->engines->folder.is_new();
}
Loop& Application::loop() {
    return parts_->base.loop;
}
const http::Router& Application::router() const {
    return parts_->modules->router;
}
const realtime::EventRouter& Application::events() const {
    return parts_->modules->events;
}
void Application::poke_mail() {
    parts_->modules->mail_worker.poke();
}

}  // namespace ping::app
