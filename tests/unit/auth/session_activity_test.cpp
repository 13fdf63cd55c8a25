#include "ping/auth/session_activity.hpp"

#include "ping/runtime/task_group.hpp"
#include "support/captured_stderr.hpp"
#include "support/fake_clock.hpp"
#include "support/run_coro.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <vector>

using namespace std::chrono_literals;
using namespace ping;

namespace {

SessionId make_session(unsigned number) {
    IdBytes bytes{};
    bytes[10] = static_cast<std::uint8_t>(number >> 8U);
    bytes[11] = static_cast<std::uint8_t>(number & 0xffU);
    return SessionId(bytes);
}

/// Keeps what it is told to note, or refuses it.
class NotingStore final : public storage::SessionStore {
public:
    bool is_full = false;
    std::vector<std::size_t> batches;
    std::map<SessionId, Time> seen;

    Task<Result<void>> note_seen(std::vector<storage::SeenSession> sessions) override {
        batches.push_back(sessions.size());
        if (is_full) {
            co_return Error(ErrorCode::storage_full, "storage_full", "No space left");
        }
        for (const auto& session : sessions) {
            seen[session.id] = session.at;
        }
        co_return ok();
    }

    Task<Result<storage::OpenedSession>> open(storage::Login /*login*/) override { co_return unused(); }
    Task<Result<std::optional<storage::EndedSession>>> revoke(UserId, SessionId, Time) override {
        co_return unused();
    }
    Task<Result<std::vector<storage::EndedSession>>> revoke_all(UserId, Time) override { co_return unused(); }
    Task<Result<std::vector<Session>>> list(UserId, Time) override { co_return unused(); }
    Task<Result<std::vector<storage::EndedSession>>> list_revoked(Time) override { co_return unused(); }

private:
    static Error unused() { return errors::internal("not part of these tests"); }
};

struct Running {
    Running() {
        tasks.spawn("activity", [this] { return activity.run(); });
        turn();
    }
    ~Running() { finish(); }

    /// Lets everything happen that is due.
    void turn() {
        const auto advance = [this]() -> Task<bool> {
            loop.timers().advance();
            co_return true;
        };
        for (int i = 0; i < 5; ++i) {  // what a timer wakes has some handlers to go through
            test::run_coro<bool>(loop, advance);
        }
    }
    void finish() {
        activity.stop();
        const auto join = [this]() -> Task<bool> {
            co_await tasks.join();
            co_return true;
        };
        test::run_coro<bool>(loop, join);
    }

    test::FakeClock clock;
    Loop loop{clock};
    TaskGroup tasks{loop};
    NotingStore store;
    auth::SessionActivity activity{store, loop};
};

}  // namespace

TEST_CASE("activity: what was noted is written every five minutes, however often it was noted", "[auth]") {
    Running running;
    const auto session = make_session(1);
    const auto start = running.clock.now();
    for (int i = 0; i < 100; ++i) {
        running.activity.note(session);
    }
    running.clock.advance(4min);
    running.turn();
    CHECK(running.store.batches.empty());
    CHECK(running.activity.last_seen(session) == start);
    running.clock.advance(2min);
    running.turn();
    CHECK(running.store.batches == std::vector<std::size_t>{1});
    CHECK(running.store.seen.at(session) == start);
    CHECK_FALSE(running.activity.last_seen(session));  // the store knows now
}

TEST_CASE("activity: the stop writes what is left", "[auth]") {
    Running running;
    running.activity.note(make_session(1));
    running.finish();
    CHECK(running.store.seen.size() == 1);
}

TEST_CASE("activity: very many sessions are written sooner, in small batches", "[auth]") {
    Running running;
    for (unsigned i = 0; i < auth::SessionActivity::most_noted; ++i) {
        running.activity.note(make_session(i));
    }
    running.finish();
    CHECK(running.store.seen.size() == auth::SessionActivity::most_noted);
    CHECK(*std::max_element(running.store.batches.begin(), running.store.batches.end()) <= 500);
}

TEST_CASE("activity: a store that refuses is asked again for new notes only", "[auth]") {
    test::CapturedStderr silenced;
    Running running;
    running.store.is_full = true;
    for (unsigned i = 0; i < 1000; ++i) {
        running.activity.note(make_session(i));
    }
    running.clock.advance(6min);
    running.turn();
    CHECK(running.store.batches == std::vector<std::size_t>{500});
    running.store.is_full = false;
    running.activity.note(make_session(7));
    running.finish();
    CHECK(running.store.seen.size() == 1);
}

TEST_CASE("activity: a session with a socket is seen now, and at the close of its last one", "[auth]") {
    Running running;
    const auto session = make_session(1);
    running.activity.connected(session);
    running.activity.connected(session);
    running.clock.advance(1h);
    running.activity.disconnected(session);
    running.clock.advance(1h);
    CHECK(running.activity.last_seen(session) == running.clock.now());
    running.activity.disconnected(session);
    const auto closed = running.clock.now();
    running.clock.advance(1min);
    CHECK(running.activity.last_seen(session) == closed);
}
