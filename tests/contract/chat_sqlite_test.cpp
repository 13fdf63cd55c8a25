// What the SQLite chat store promises beyond its port: which calls write, and that every read finds its rows
// by an index.
#include "contract/chat_helpers.hpp"
#include "ping/storage/sqlite/chat_store.hpp"
#include "ping/storage/sqlite/image_store.hpp"
#include "ping/storage/sqlite/schema.hpp"
#include "ping/storage/sqlite/session_store.hpp"
#include "ping/storage/sqlite/user_store.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <regex>

namespace ping::test {
namespace {

using sqlite::Connection;

/// With one reader, so that a read job finds the statements of all others.
class OneFile final : public StorageFixture {
public:
    storage::UserStore& users() override { return users_; }
    storage::SessionStore& sessions() override { return sessions_; }
    storage::ChatStore& chats() override { return chats_; }
    storage::ImageStore& images() override { return images_; }
    sqlite::Database& database() { return *database_; }

    std::int64_t writes() {
        const auto text = metrics_.to_text();
        std::smatch found;
        std::regex_search(text, found, std::regex("ping_db_group_jobs_total (\\d+)"));
        return std::stoll(found[1]);
    }

private:
    static std::unique_ptr<sqlite::Database> open(Loop& loop, const TempDir& folder, Metrics& metrics) {
        sqlite::DatabaseOptions options;
        options.file = folder.path() / "ping.db";
        options.readers = 1;
        auto opened = sqlite::Database::open(loop, options, storage::schema(), metrics);
        REQUIRE(opened);
        return std::move(*opened);
    }

    TempDir folder_;
    Metrics metrics_;
    std::unique_ptr<sqlite::Database> database_ = open(loop, folder_, metrics_);
    storage::SqliteUserStore users_{*database_};
    storage::SqliteSessionStore sessions_{*database_};
    storage::SqliteChatStore chats_{*database_};
    storage::SqliteImageStore images_{*database_};
};

/// What the plan of any statement that the connection has kept reads from end to end.
Result<std::vector<std::string>> full_scans(Connection& connection) {
    std::vector<std::string> scans;
    for (auto* kept = sqlite3_next_stmt(connection.handle(), nullptr); kept != nullptr;
         kept = sqlite3_next_stmt(connection.handle(), kept)) {
        const std::string sql = sqlite3_sql(kept);
        sqlite3_stmt* plan = nullptr;
        const std::string explain = "EXPLAIN QUERY PLAN " + sql;
        if (sqlite3_prepare_v2(connection.handle(), explain.c_str(), -1, &plan, nullptr) != SQLITE_OK) {
            return errors::internal(explain);
        }
        while (sqlite3_step(plan) == SQLITE_ROW) {
            const std::string step = reinterpret_cast<const char*>(sqlite3_column_text(plan, 3));
            if (step.starts_with("SCAN ") && !step.starts_with("SCAN (") && step != "SCAN CONSTANT ROW") {
                scans.push_back(step + ": " + sql);
            }
        }
        sqlite3_finalize(plan);
    }
    return scans;
}

void use_every_call(ChatScene& scene) {
    for (int i = 0; i < 3; ++i) {
        auto message = scene.message(i % 2 == 0 ? scene.ada : scene.bob, "x");
        message.client_id = "same";
        REQUIRE(scene.try_append(message));
    }
    REQUIRE(scene.try_deliver(scene.bob, 2));
    scene.append(scene.ada, "y");
    scene.read(scene.bob, 3);
    REQUIRE(scene.try_history(scene.ada));
    REQUIRE(scene.try_history(scene.ada, 2));
    REQUIRE(scene.try_history(scene.ada, {}, 1));
    CHECK(list_ids(scene, scene.ada).size() == 1);
    REQUIRE(run(scene.fixture.loop, [&] { return scene.fixture.chats().contacts(scene.ada, 5); }));
    storage::ResumeQuery query;
    query.reader = scene.ada;
    query.points = {{scene.chat, 1}};
    query.is_cut = true;
    scene.resume(query);
}

}  // namespace

TEST_CASE("chats: no statement reads a table or an index from end to end", "[chats][sqlite]") {
    OneFile file;
    ChatScene scene(file);
    use_every_call(scene);
    const auto read =
        run(file.loop, [&] { return file.database().read<std::vector<std::string>>(full_scans); });
    REQUIRE(read);
    CHECK(*read == std::vector<std::string>{});
    const auto written = file.database().write_blocking<std::vector<std::string>>(full_scans);
    REQUIRE(written);
    CHECK(*written == std::vector<std::string>{});
}

TEST_CASE("chats: a read mark that does not move is no write", "[chats][sqlite]") {
    OneFile file;
    ChatScene scene(file);
    scene.append(scene.ada, "1");
    scene.read(scene.bob, 1);
    const auto before = file.writes();
    for (const Seq seq : {Seq{1}, Seq{0}, Seq{1000}}) {
        const auto move = scene.read(scene.bob, seq);
        CHECK(move.to == 1);
        CHECK(move.unread == 0);
    }
    CHECK_FALSE(scene.try_read(scene.eve, 1));
    CHECK(file.writes() == before);
}

}  // namespace ping::test
