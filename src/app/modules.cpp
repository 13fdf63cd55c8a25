#include "app/parts.hpp"
#include "ping/http/session_cookie.hpp"

#include <future>
#include <optional>
#include <string>

namespace ping::app {
namespace {

constexpr std::chrono::seconds current_otp_deadline{1};

Task<Result<Identity>> check_token(const auth::Sessions& sessions, std::string token) {
    co_return sessions.check(token);
}

Task<> ask_current(ephemeral::OtpStore& codes, const Clock& clock, std::string to, std::string otp_id,
                   std::shared_ptr<std::promise<std::optional<bool>>> answer) {
    const auto current = co_await codes.current(to, clock.now());
    if (current) {
        answer->set_value(current->has_value() && **current == otp_id);
    } else {
        answer->set_value(std::nullopt);
    }
}

/// The mail thread's question to the loop whether a code still lives. Nothing when no answer comes in time.
mail::IsCurrentOtp make_is_current(Base& base, ephemeral::OtpStore& codes) {
    return [&base, &codes](const std::string& to, const std::string& otp_id) -> std::optional<bool> {
        auto answer = std::make_shared<std::promise<std::optional<bool>>>();
        auto arrived = answer->get_future();
        base.loop.post([&base, &codes, to, otp_id, answer] {
            base.tasks.spawn("mail.is_current", [&base, &codes, to, otp_id, answer] {
                return ask_current(codes, base.externals.clock, to, otp_id, answer);
            });
        });
        if (arrived.wait_for(current_otp_deadline) != std::future_status::ready) {
            return std::nullopt;
        }
        return arrived.get();
    };
}

realtime::native::Services native_services(Base& base, Modules& modules) {
    return {base.loop,
            modules.hub,
            modules.events,
            base.flusher,
            base.tasks,
            [&modules](std::string token) { return check_token(modules.sessions, std::move(token)); },
            base.config.limits,
            http::session_cookie(base.config.server)};
}

mail::MailWorkerOptions worker_options(const Base& base, const Engines& engines) {
    mail::MailWorkerOptions options;
    options.parallel = static_cast<std::size_t>(base.config.mail.workers);
    options.hash_key = engines.secrets.jobs;
    return options;
}

}  // namespace

Modules::Modules(Base& base, Engines& engines)
    : otp_sender(*engines.otp_jobs, base.externals.rng),
      sessions(crypto::Jwt(engines.secrets.jwt), engines.sessions, base.externals.clock,
               base.config.auth.token_lifetime),
      auth({engines.codes, engines.sessions, otp_sender, base.externals.clock, base.externals.ids},
           auth::OtpCodes(engines.secrets.otp, base.externals.rng), sessions, base.config, base.metrics),
      users(engines.users, base.externals.clock),
      chats({engines.chats, users, engines.bus, base.externals.clock, base.externals.ids}, base.config.limits,
            base.metrics),
      auth_controller(auth, sessions, base.config),
      users_controller(users, [this](const Identity& identity) { return sessions.sign(identity); }),
      chats_controller(chats),
      chats_events(chats),
      health(base.config, base.metrics),
      mailbox(engines.dev_mailbox == nullptr ? nullptr : std::make_unique<Mailbox>(*engines.dev_mailbox)),
      hub(static_cast<std::size_t>(base.config.limits.per_user), base.metrics),
      gateway(native_services(base, *this), base.metrics),
      server(
          base.loop, base.config, router,
          [this](std::string_view token) { return check_token(sessions, std::string(token)); }, base.metrics),
      mail_worker(
          {*engines.otp_jobs, *engines.mailer, base.externals.clock, base.externals.rng, base.metrics},
          make_is_current(base, engines.codes), worker_options(base, engines)) {
    engines.bus.subscribe(
        [this](const bus::Event& event) { hub.deliver(event.recipients, event.name, event.data); });
    sessions.on_ended([this](UserId user, SessionId session) { hub.end_session(user, session, "revoked"); });
    mount();
}

void Modules::mount() {
    mount_health(router, health);
    auth::mount_routes(router, auth_controller);
    users::mount_routes(router, users_controller);
    chats::mount_routes(router, chats_controller);
    chats::mount_events(events, chats_events);
    if (mailbox) {
        mount_mailbox(router, *mailbox);
    }
    router.add_upgrade("/api/v1/ws",
                       [this](http::Upgrade upgrade) { return gateway.accept(std::move(upgrade)); });
}

}  // namespace ping::app
