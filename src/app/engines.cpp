#include "app/adapters.hpp"
#include "app/parts.hpp"
#include "ping/ephemeral/redis/mail_marks.hpp"
#include "ping/ephemeral/redis/otp_store.hpp"
#include "ping/ephemeral/sqlite/otp_store.hpp"
#include "ping/jobs/sqlite/job_queue.hpp"
#include "ping/mail/otp_mail_job.hpp"
#include "ping/storage/sqlite/schema.hpp"

#include <filesystem>

namespace ping::app {
namespace {

Result<std::unique_ptr<jobs::JobEngine>> make_otp_jobs(Base& base, sqlite::Database& database,
                                                       crypto::KeyRing keys) {
    if (base.config.jobs.engine == "rabbitmq") {
        return make_rabbit_jobs(base);
    }
    auto queue = jobs::SqliteJobQueue::open(database, base.externals.clock, base.externals.rng,
                                            std::move(keys), {.name = mail::otp_queue});
    if (!queue) {
        return queue.error();
    }
    return std::unique_ptr<jobs::JobEngine>(std::move(*queue));
}

std::unique_ptr<ephemeral::OtpStore> make_codes(sqlite::Database& database, redis::Client* redis) {
    if (redis != nullptr) {
        return std::make_unique<ephemeral::RedisOtpStore>(*redis);
    }
    return std::make_unique<ephemeral::SqliteOtpStore>(database);
}

/// Null where no other worker can share them.
std::unique_ptr<ephemeral::MailMarks> make_marks(const Base& base, redis::Client* redis) {
    if (redis == nullptr || base.config.jobs.engine != "rabbitmq") {
        return nullptr;
    }
    return std::make_unique<ephemeral::RedisMailMarks>(*redis, base.externals.rng);
}

// What files ask for is short; the queues are for bursts.
constexpr std::size_t file_threads = 2;
constexpr std::size_t file_queue = 1024;
constexpr std::size_t image_queue = 32;

Result<ImageEngines> open_image_engines(Base& base, const std::filesystem::path& data) {
    const auto& settings = base.config.blobs;
    ImageEngines engines;
    engines.file_workers = std::make_unique<WorkerPool>(base.loop, file_threads, file_queue);
    engines.image_workers = std::make_unique<WorkerPool>(
        base.loop, static_cast<std::size_t>(settings.image_workers), image_queue);
    blobs::DiskOptions options;
    options.folder = settings.dir.empty() ? data / "blobs" : std::filesystem::path(settings.dir);
    options.free_percent = settings.free_percent;
    auto store = blobs::DiskBlobStore::open(*engines.file_workers, options);
    if (!store) {
        return store.error();
    }
    engines.blobs = std::move(*store);
    return engines;
}

}  // namespace

Engines::Engines(const Base& base, DataFolder folder_in, crypto::Secrets secrets_in,
                 std::unique_ptr<sqlite::Database> database_in, ImageEngines image_engines_in,
                 std::unique_ptr<redis::Client> redis_in, std::unique_ptr<jobs::JobEngine> otp_jobs_in,
                 ChosenMailer mailer_in)
    : folder(std::move(folder_in)),
      secrets(std::move(secrets_in)),
      database(std::move(database_in)),
      image_engines(std::move(image_engines_in)),
      users(*database),
      sessions(*database),
      chats(*database),
      images(*database),
      redis(std::move(redis_in)),
      codes(make_codes(*database, redis.get())),
      mail_marks(make_marks(base, redis.get())),
      otp_jobs(std::move(otp_jobs_in)),
      mailer(std::move(mailer_in)) {}

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
    auto otp_jobs = make_otp_jobs(base, **database, secrets.jobs);
    if (!otp_jobs) {
        return otp_jobs.error();
    }
    auto image_engines = open_image_engines(base, folder->path());
    if (!image_engines) {
        return image_engines.error();
    }
    auto mailer = make_mailer(base);
    if (!mailer) {
        return mailer.error();
    }
    auto redis = make_redis(base);
    if (!redis) {
        return redis.error();
    }
    return std::make_unique<Engines>(base, std::move(*folder), std::move(secrets), std::move(*database),
                                     std::move(*image_engines), std::move(*redis), std::move(*otp_jobs),
                                     std::move(*mailer));
}

}  // namespace ping::app
