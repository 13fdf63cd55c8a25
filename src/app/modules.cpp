#include "app/mail_questions.hpp"
#include "app/parts.hpp"
#include "ping/app/api_docs.hpp"
#include "ping/chats/codec.hpp"
#include "ping/http/session_cookie.hpp"
#include "ping/realtime/socketio/routes.hpp"

#include <string>

namespace ping::app {
namespace {

// People who hear of one's presence above presence.open_up_to: those of the newest chats. As a list they
// take 54 kB, which an outbox has room for.
constexpr int presence_contacts = 2000;

Task<Result<Identity>> check_token(auth::Sessions& sessions, std::string token) {
    co_return sessions.check(token);
}

realtime::native::Services native_services(Base& base, Modules& modules) {
    return {base.loop,
            modules.hub,
            modules.events,
            modules.flusher,
            base.tasks,
            [&modules](std::string token) { return check_token(modules.sessions, std::move(token)); },
            base.config.limits,
            http::session_cookie(base.config.server)};
}

images::WorkerOptions image_worker_options(const Base& base) {
    images::WorkerOptions options;
    options.program = base.externals.image_worker;
    return options;
}

Task<Result<bool>> is_user(users::Service& users, UserId id) {
    const auto user = co_await users.get(id);
    if (!user && user.error().code != ErrorCode::not_found) {
        co_return user.error();
    }
    co_return user.has_value();
}

realtime::socketio::Services socketio_services(Base& base, Modules& modules) {
    return {base.loop,
            modules.hub,
            modules.open_chats,
            modules.events,
            modules.flusher,
            base.tasks,
            base.externals.rng,
            modules.socketio_link,
            [&modules](std::string token) { return check_token(modules.sessions, std::move(token)); },
            [&modules](UserId id) { return is_user(modules.users, id); },
            base.config.limits,
            base.config.compat.trust_query_user_id};
}

}  // namespace

Modules::Modules(Base& base, Engines& engines)
    : otp_sender(*engines.otp_jobs, base.externals.rng),
      session_activity(engines.sessions, base.loop),
      sessions(crypto::Jwt(engines.secrets.jwt), engines.sessions, session_activity, base.externals.clock),
      auth({*engines.codes, engines.sessions, otp_sender, base.externals.clock, base.externals.ids},
           auth::OtpCodes(engines.secrets.otp, base.externals.rng), sessions, base.config, base.metrics),
      users({engines.users, engines.chats, engines.bus, base.externals.clock}, base.config.limits),
      media({*engines.image_engines.blobs, engines.images, *engines.image_engines.image_workers,
             base.externals.clock, base.externals.rng, base.loop, base.tasks},
            engines.secrets.media, base.config, image_worker_options(base), base.metrics),
      chats({engines.chats, users, media, engines.bus, base.externals.clock, base.externals.ids, base.loop,
             base.tasks},
            base.config.limits, base.metrics),
      flusher(base.loop, base.config.limits.outboxes_bytes),
      hub(static_cast<std::size_t>(base.config.limits.per_user), base.metrics),
      socket_watch(hub, session_activity),
      presence(hub, base.loop.timers(), base.externals.clock, base.metrics),
      presence_feed(
          hub, presence, base.loop, base.tasks,
          [&engines](UserId user) { return engines.chats.contacts(user, presence_contacts); },
          static_cast<std::size_t>(base.config.presence.open_up_to)),
      last_seen(presence, engines.users, base.loop, base.tasks),
      open_chats(hub),
      live_chats({hub, open_chats, chats, engines.bus, base.loop, base.tasks}),
      socketio_link(chats, live_chats, base.tasks),
      auth_controller(auth, sessions, base.config),
      users_controller(
          users, [this](const Identity& identity) { return sessions.sign(identity); },
          [this](UserId viewer, UserId other) { return presence_feed.shows(viewer, other); }),
      media_controller(media),
      chats_controller(chats, media),
      chats_events(chats),
      resume_controller(chats, hub, base.config.limits),
      live_controller(live_chats),
      health(base.config, base.metrics),
      mailbox(engines.mailer.dev_mailbox == nullptr
                  ? nullptr
                  : std::make_unique<Mailbox>(*engines.mailer.dev_mailbox, base.externals.clock)),
      gateway(native_services(base, *this), base.metrics),
      socketio(socketio_services(base, *this), base.metrics),
      server(
          base.loop, base.config, router,
          [this](std::string_view token) { return check_token(sessions, std::string(token)); }, base.metrics),
      send_claims(engines.mail_marks == nullptr ? nullptr
                                                : std::make_unique<LoopClaims>(base, *engines.mail_marks)),
      mail_worker({*engines.otp_jobs, *engines.mailer.mailer, base.externals.clock, base.externals.rng,
                   base.metrics, send_claims.get()},
                  make_ask_current(base, *engines.codes),
                  mail_worker_options(base.config, engines.secrets.jobs.front(), *engines.codes)) {
    engines.bus.subscribe([this](const bus::Event& event) { deliver(event); });
    if (const auto* const redis = engines.redis.get()) {
        health.watch("redis", [redis] { return redis->is_up(); });
    }
    if (base.config.jobs.engine == "rabbitmq") {
        health.watch("rabbitmq", [&engines] { return engines.otp_jobs->is_up(); });
    }
    sessions.on_ended([this](UserId user, SessionId session) { hub.end_session(user, session, "revoked"); });
    mount(base.config);
}

void Modules::deliver(const bus::Event& event) {
    const auto message = event.name == "newMessage" ? chats::read_message_place(event.data) : std::nullopt;
    if (event.open_chat) {
        open_chats.deliver(*event.open_chat, event.recipients, event.name, event.data);
    } else {
        hub.deliver(event.recipients, event.name, event.data, message);
    }
    if (message) {
        socketio.note_message(event.recipients, *message);
        live_chats.heard(*message);
    }
    if (event.name == "chatCreated") {
        show_to_each_other(event);
    }
}

void Modules::show_to_each_other(const bus::Event& created) {
    const auto other = chats::read_row_user(created.data);
    for (const auto& recipient : created.recipients) {
        if (other && *other != recipient) {
            presence_feed.became_contacts(recipient, *other);
        }
    }
}

void Modules::mount(const Config& config) {
    mount_health(router, health);
    mount_api_docs(router);
    auth::mount_routes(router, auth_controller);
    users::mount_routes(router, users_controller);
    media::mount_routes(router, media_controller);
    chats::mount_routes(router, chats_controller, config.limits);
    chats::mount_events(events, chats_events);
    chats::mount_resume(events, resume_controller);
    chats::mount_live_events(events, live_controller);
    if (mailbox) {
        mount_mailbox(router, *mailbox);
    }
    router.add_upgrade("/api/v1/ws",
                       [this](http::Upgrade upgrade) { return gateway.accept(std::move(upgrade)); });
    realtime::socketio::mount_engine(router, "/socket.io", socketio.engine());
}

}  // namespace ping::app
