#pragma once

#include "ping/app/application.hpp"
#include "ping/app/data_folder.hpp"
#include "ping/app/health.hpp"
#include "ping/app/mailbox.hpp"
#include "ping/auth/controller.hpp"
#include "ping/auth/service.hpp"
#include "ping/auth/sessions.hpp"
#include "ping/bus/local/event_bus.hpp"
#include "ping/chats/controller.hpp"
#include "ping/chats/service.hpp"
#include "ping/core/metrics.hpp"
#include "ping/crypto/secrets.hpp"
#include "ping/ephemeral/sqlite/otp_store.hpp"
#include "ping/http/server.hpp"
#include "ping/jobs/sqlite/job_queue.hpp"
#include "ping/mail/dev_mailbox.hpp"
#include "ping/mail/mail_worker.hpp"
#include "ping/mail/otp_sender.hpp"
#include "ping/mail/smtp_mailer.hpp"
#include "ping/realtime/event_router.hpp"
#include "ping/realtime/hub.hpp"
#include "ping/realtime/native/gateway.hpp"
#include "ping/realtime/outbox.hpp"
#include "ping/runtime/async_event.hpp"
#include "ping/runtime/task_group.hpp"
#include "ping/sqlite/database.hpp"
#include "ping/storage/sqlite/chat_store.hpp"
#include "ping/storage/sqlite/session_store.hpp"
#include "ping/storage/sqlite/user_store.hpp"
#include "ping/users/controller.hpp"
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
    realtime::OutboxFlusher flusher{loop};

    Base(Config config_in, Externals externals_in)
        : config(std::move(config_in)), externals(std::move(externals_in)), loop(externals.clock) {}
};

/// The adapters chosen by the configuration: today the embedded ones.
struct Engines {
    DataFolder folder;
    crypto::Secrets secrets;
    std::unique_ptr<sqlite::Database> database;
    storage::SqliteUserStore users;
    storage::SqliteSessionStore sessions;
    storage::SqliteChatStore chats;
    ephemeral::SqliteOtpStore codes;
    std::unique_ptr<jobs::SqliteJobQueue> otp_jobs;
    bus::local::LocalEventBus bus;
    std::unique_ptr<mail::Mailer> mailer;
    const mail::DevMailbox* dev_mailbox;  ///< null when mails go out by SMTP

    Engines(DataFolder folder_in, crypto::Secrets secrets_in, std::unique_ptr<sqlite::Database> database_in,
            std::unique_ptr<jobs::SqliteJobQueue> otp_jobs_in, std::unique_ptr<mail::Mailer> mailer_in,
            const mail::DevMailbox* dev_mailbox_in);
};

/// The modules on top of the engines, and what serves them.
struct Modules {
    mail::OtpSender otp_sender;
    auth::Sessions sessions;
    auth::Service auth;
    users::Service users;
    chats::Service chats;

    auth::Controller auth_controller;
    users::Controller users_controller;
    chats::Controller chats_controller;
    chats::EventController chats_events;
    Health health;
    std::unique_ptr<Mailbox> mailbox;

    realtime::Hub hub;
    realtime::EventRouter events;
    realtime::native::Gateway gateway;
    http::Router router;
    http::Server server;
    mail::MailWorker mail_worker;

    Modules(Base& base, Engines& engines);
    void mount();
};

/// Everything, in the order of dependence; torn down in reverse.
struct Parts {
    Base base;
    /// Said on the loop by the helper thread of a stop. Here, because what it posts may come after the stop.
    AsyncEvent mail_ended{base.loop};
    std::unique_ptr<Engines> engines;
    std::unique_ptr<Modules> modules;
    bool is_stopping = false;
    bool is_damaged = false;

    Parts(Config config, Externals externals) : base(std::move(config), std::move(externals)) {}
};

/// Opens the data folder, the secret, the database and the mailer.
Result<std::unique_ptr<Engines>> open_engines(Base& base);

}  // namespace ping::app
