#include "contract/adapters.hpp"
#include "ping/ephemeral/sqlite/otp_store.hpp"
#include "ping/jobs/sqlite/job_queue.hpp"
#include "ping/sqlite/database.hpp"
#include "ping/storage/sqlite/chat_store.hpp"
#include "ping/storage/sqlite/image_store.hpp"
#include "ping/storage/sqlite/schema.hpp"
#include "ping/storage/sqlite/session_store.hpp"
#include "ping/storage/sqlite/user_store.hpp"
#include "support/fake_rng.hpp"
#include "support/run_all.hpp"
#include "support/temp_dir.hpp"

#include <stdexcept>

namespace ping::test {
namespace {

std::unique_ptr<sqlite::Database> open_database(Loop& loop, const TempDir& folder, Metrics& metrics) {
    sqlite::DatabaseOptions options;
    options.file = folder.path() / "ping.db";
    auto opened = sqlite::Database::open(loop, options, storage::schema(), metrics);
    if (!opened) {
        throw std::runtime_error(opened.error().detail);
    }
    return std::move(*opened);
}

class SqliteStorageFixture final : public StorageFixture {
public:
    storage::UserStore& users() override { return users_; }
    storage::SessionStore& sessions() override { return sessions_; }
    storage::ChatStore& chats() override { return chats_; }
    storage::ImageStore& images() override { return images_; }

private:
    TempDir folder_;
    Metrics metrics_;
    std::unique_ptr<sqlite::Database> database_ = open_database(loop, folder_, metrics_);
    storage::SqliteUserStore users_{*database_};
    storage::SqliteSessionStore sessions_{*database_};
    storage::SqliteChatStore chats_{*database_};
    storage::SqliteImageStore images_{*database_};
};

class SqliteOtpFixture final : public OtpFixture {
public:
    ephemeral::OtpStore& codes() override { return codes_; }

private:
    TempDir folder_;
    Metrics metrics_;
    std::unique_ptr<sqlite::Database> database_ = open_database(loop, folder_, metrics_);
    ephemeral::SqliteOtpStore codes_{*database_};
};

class SqliteJobFixture final : public JobFixture {
public:
    SqliteJobFixture() { restart(); }
    jobs::JobQueue& queue() override { return *queue_; }
    jobs::JobConsumer& consumer() override { return *queue_; }

    void restart() override {
        queue_.reset();
        database_.reset();
        database_ = open_database(loop, folder_, metrics_);
        jobs::SqliteQueueOptions options;
        options.name = "test";
        options.max_length = max_length;
        auto opened = jobs::SqliteJobQueue::open(*database_, clock, rng_, crypto::KeyRing{{7}}, options);
        if (!opened) {
            throw std::runtime_error(opened.error().detail);
        }
        queue_ = std::move(*opened);
    }

    std::vector<std::string> dead_letters() override {
        using Letters = std::vector<std::string>;
        const auto letters = run(loop, [this] {
            return database_->read<Letters>([](sqlite::Connection& connection) -> Result<Letters> {
                auto query = connection.prepare("SELECT redacted FROM dead_jobs WHERE queue = 'test'");
                Letters found;
                while (query.step()) {
                    found.push_back(query.text(0));
                }
                return found;
            });
        });
        return *letters;
    }

private:
    TempDir folder_;
    Metrics metrics_;
    FakeRng rng_;
    std::unique_ptr<sqlite::Database> database_;
    std::unique_ptr<jobs::SqliteJobQueue> queue_;
};

const Registered<StorageFixture> storage("sqlite", [] { return std::make_unique<SqliteStorageFixture>(); });
const Registered<OtpFixture> codes("sqlite", [] { return std::make_unique<SqliteOtpFixture>(); });
const Registered<JobFixture> job_queue("sqlite", [] { return std::make_unique<SqliteJobFixture>(); });

}  // namespace
}  // namespace ping::test
