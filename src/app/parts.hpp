#pragma once

#include "ping/app/application.hpp"
#include "ping/app/data_folder.hpp"
#include "ping/app/health.hpp"
#include "ping/app/mailbox.hpp"
#include "ping/app/web_client.hpp"
#include "ping/auth/controller.hpp"
#include "ping/auth/service.hpp"
#include "ping/auth/session_activity.hpp"
#include "ping/auth/sessions.hpp"
#include "ping/auth/socket_watch.hpp"
#include "ping/blobs/disk/blob_store.hpp"
#include "ping/bus/local/event_bus.hpp"
#include "ping/chats/controller.hpp"
#include "ping/chats/live.hpp"
#include "ping/chats/live_controller.hpp"
#include "ping/chats/resume_controller.hpp"
#include "ping/chats/service.hpp"
#include "ping/chats/socketio_link.hpp"
#include "ping/core/metrics.hpp"
#include "ping/crypto/secrets.hpp"
#include "ping/ephemeral/mail_marks.hpp"
#include "ping/ephemeral/otp_store.hpp"
#include "ping/http/server.hpp"
#include "ping/jobs/job_queue.hpp"
#include "ping/mail/dev_mailbox.hpp"
#include "ping/mail/mail_worker.hpp"
#include "ping/mail/mailer.hpp"
#include "ping/mail/otp_sender.hpp"
#include "ping/media/controller.hpp"
#include "ping/media/service.hpp"
#include "ping/realtime/event_router.hpp"
#include "ping/realtime/hub.hpp"
#include "ping/realtime/native/gateway.hpp"
#include "ping/realtime/open_chats.hpp"
#include "ping/realtime/outbox.hpp"
#include "ping/realtime/presence.hpp"
#include "ping/realtime/presence_feed.hpp"
#include "ping/realtime/socketio/gateway.hpp"
#include "ping/redis/client.hpp"
#include "ping/runtime/async_event.hpp"
#include "ping/runtime/task_group.hpp"
#include "ping/runtime/worker_pool.hpp"
#include "ping/sqlite/database.hpp"
#include "ping/storage/sqlite/chat_store.hpp"
#include "ping/storage/sqlite/image_store.hpp"
#include "ping/storage/sqlite/session_store.hpp"
#include "ping/storage/sqlite/user_store.hpp"
#include "ping/users/controller.hpp"
#include "ping/users/last_seen.hpp"
#include "ping/users/service.hpp"

#include <memory>

namespace ping::app {

/// What every deployment has before it has data.
struct Base {
    Config config;
    Externals externals;
    Metrics metrics;
    Loop loop;
    TaskGroup tasks{loop};

    Base(Config config_in, Externals externals_in)
        : config(std::move(config_in)), externals(std::move(externals_in)), loop(externals.clock) {}
};

struct ChosenMailer {
    std::unique_ptr<mail::Mailer> mailer;
    const mail::DevMailbox* dev_mailbox = nullptr;  ///< the mailer, when mails stay on this machine
};

/// What images need of the disk and of other threads.
struct ImageEngines {
    std::unique_ptr<WorkerPool> file_workers;
    std::unique_ptr<WorkerPool> image_workers;
    std::unique_ptr<blobs::DiskBlobStore> blobs;
};

/// The adapters chosen by the configuration.
struct Engines {
    DataFolder folder;
    crypto::Secrets secrets;
    std::unique_ptr<sqlite::Database> database;
    ImageEngines image_engines;
    storage::SqliteUserStore users;
    storage::SqliteSessionStore sessions;
    storage::SqliteChatStore chats;
    storage::SqliteImageStore images;
    std::unique_ptr<redis::Client> redis;  ///< null where nothing is kept in Redis
    std::unique_ptr<ephemeral::OtpStore> codes;
    std::unique_ptr<ephemeral::MailMarks> mail_marks;  ///< null where the queue has one worker
    std::unique_ptr<jobs::JobEngine> otp_jobs;
    bus::local::LocalEventBus bus;
    ChosenMailer mailer;

    Engines(const Base& base, DataFolder folder_in, crypto::Secrets secrets_in,
            std::unique_ptr<sqlite::Database> database_in, ImageEngines image_engines_in,
            std::unique_ptr<redis::Client> redis_in, std::unique_ptr<jobs::JobEngine> otp_jobs_in,
            ChosenMailer mailer_in);
};

/// The modules on top of the engines, and what serves them.
struct Modules {
    mail::OtpSender otp_sender;
    auth::SessionActivity session_activity;
    auth::Sessions sessions;
    auth::Service auth;
    users::Service users;
    media::Service media;
    chats::Service chats;

    /// Made after the database: at a turn's end the writes are handed over first, so that the writer works
    /// while the loop sends.
    realtime::OutboxFlusher flusher;
    realtime::Hub hub;
    auth::SocketWatch socket_watch;
    realtime::Presence presence;
    realtime::PresenceFeed presence_feed;
    users::LastSeen last_seen;
    realtime::OpenChats open_chats;
    chats::Live live_chats;
    chats::SocketIoLink socketio_link;

    auth::Controller auth_controller;
    users::Controller users_controller;
    media::Controller media_controller;
    chats::Controller chats_controller;
    chats::EventController chats_events;
    chats::ResumeController resume_controller;
    chats::LiveController live_controller;
    Health health;
    std::unique_ptr<Mailbox> mailbox;

    realtime::EventRouter events;
    realtime::native::Gateway gateway;
    realtime::socketio::Gateway socketio;
    http::Router router;
    http::Server server;
    std::unique_ptr<mail::SendClaims> send_claims;  ///< null where the queue has one worker
    mail::MailWorker mail_worker;

    Modules(Base& base, Engines& engines);
    void mount(const Config& config);
    /// What the bus brings for the connections of this node.
    void deliver(const bus::Event& event);
    /// A new chat's members see each other's presence from now on.
    void show_to_each_other(const bus::Event& created);
};

/// Everything, in the order of dependence; torn down in reverse.
struct Parts {
    Base base;
    /// Said on the loop by the helper thread of a stop. Here, because what it posts may come after the stop.
    AsyncEvent mail_ended{base.loop};
    std::unique_ptr<Engines> engines;
    std::unique_ptr<WebClient> web;
    std::unique_ptr<Modules> modules;
    bool is_stopping = false;
    bool is_damaged = false;

    Parts(Config config, Externals externals) : base(std::move(config), std::move(externals)) {}
};

/// Opens the data folder, the secret, the database and the mailer, and begins to connect to Redis and
/// RabbitMQ.
Result<std::unique_ptr<Engines>> open_engines(Base& base);

}  // namespace ping::app
