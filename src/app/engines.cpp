#include "app/parts.hpp"
#include "ping/storage/sqlite/schema.hpp"

namespace ping::app {
namespace {

struct ChosenMailer {
    std::unique_ptr<mail::Mailer> mailer;
    const mail::DevMailbox* dev_mailbox = nullptr;
};

Result<ChosenMailer> make_mailer(const Base& base) {
    const auto& mail = base.config.mail;
    ChosenMailer chosen;
    if (mail.smtp_url.empty()) {
        auto mailbox = std::make_unique<mail::DevMailbox>(base.externals.clock, base.externals.print);
        chosen.dev_mailbox = mailbox.get();
        chosen.mailer = std::move(mailbox);
        return chosen;
    }
    mail::SmtpOptions options;
    options.url = mail.smtp_url;
    options.from = mail.from;
    options.ca_file = mail.ca_file;
    options.parallel = static_cast<std::size_t>(mail.workers);
    auto smtp = mail::SmtpMailer::make(std::move(options));
    if (!smtp) {
        return smtp.error();
    }
    chosen.mailer = std::move(*smtp);
    return chosen;
}

}  // namespace

Engines::Engines(DataFolder folder_in, crypto::Secrets secrets_in,
                 std::unique_ptr<sqlite::Database> database_in,
                 std::unique_ptr<jobs::SqliteJobQueue> otp_jobs_in, std::unique_ptr<mail::Mailer> mailer_in,
                 const mail::DevMailbox* dev_mailbox_in)
    : folder(std::move(folder_in)),
      secrets(std::move(secrets_in)),
      database(std::move(database_in)),
      users(*database),
      sessions(*database),
      chats(*database),
      codes(*database),
      otp_jobs(std::move(otp_jobs_in)),
      mailer(std::move(mailer_in)),
      dev_mailbox(dev_mailbox_in) {}

Result<std::unique_ptr<Engines>> open_engines(Base& base) {
    auto folder = DataFolder::open(base.config.data.dir);
    if (!folder) {
        return folder.error();
    }
    const auto secret = crypto::load_or_make_secret(base.config, base.externals.rng);
    if (!secret) {
        return secret.error();
    }
    sqlite::DatabaseOptions options;
    options.file = folder->path() / "ping.db";
    options.readers = base.config.store.readers;
    options.write_queue = static_cast<std::size_t>(base.config.limits.db_queue);
    auto database = sqlite::Database::open(base.loop, std::move(options), storage::schema(), base.metrics);
    if (!database) {
        return database.error();
    }
    auto secrets = crypto::derive_secrets(*secret, base.config.auth.previous_secrets);
    auto otp_jobs = jobs::SqliteJobQueue::open(**database, base.externals.clock, base.externals.rng,
                                               secrets.jobs, {.name = "send-otp"});
    if (!otp_jobs) {
        return otp_jobs.error();
    }
    auto mailer = make_mailer(base);
    if (!mailer) {
        return mailer.error();
    }
    return std::make_unique<Engines>(std::move(*folder), std::move(secrets), std::move(*database),
                                     std::move(*otp_jobs), std::move(mailer->mailer), mailer->dev_mailbox);
}

}  // namespace ping::app
