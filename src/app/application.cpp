#include "ping/app/application.hpp"

#include "app/parts.hpp"
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

std::string what_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "not a std::exception";
    }
}

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
    parts_->modules = std::make_unique<Modules>(parts_->base, *parts_->engines);
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
    const auto body = [&]() -> Task<> { outcome = co_await parts_->modules->sessions.load(); };
    boost::asio::co_spawn(loop.executor(), body, [&](const std::exception_ptr& failure) {
        if (failure) {
            outcome = errors::internal("loading the sessions: " + what_of(failure));
        }
        loop.stop();
    });
    loop.run();
    return outcome;
}

bool Application::run() {
    auto& base = parts_->base;
    base.tasks.spawn("app.check_store", [this] { return check_store(); });
    parts_->modules->mail_worker.start();
    base.loop.run();
    return !parts_->is_damaged;
}

void Application::request_stop() {
    parts_->base.loop.post([this] {
        if (!std::exchange(parts_->is_stopping, true)) {
            // Beside the task group, which it waits for.
            boost::asio::co_spawn(
                parts_->base.loop.executor(), [this] { return stop(); },
                [this](const std::exception_ptr& failure) {
                    if (failure) {
                        log::error("app.stop_failed", {{"what", what_of(failure)}});
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
    co_await modules.gateway.drain(socket_drain);
    co_await modules.server.drain(request_drain);
    const auto mail_left = mail_deadline - base.loop.clock().steady_now();
    const bool has_mail_ended =
        co_await parts_->mail_ended.wait_for(std::chrono::ceil<std::chrono::milliseconds>(mail_left));
    if (!has_mail_ended) {
        log::error("app.mail_not_ended");
    }
    parts_->engines->database->interrupt_reads();  // the check of the file may take long
    // Without a bound: what is left waits for the database, which answers every job that it has taken.
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
void Application::poke_mail() {
    parts_->modules->mail_worker.poke();
}

}  // namespace ping::app
