#include "contract/storage_helpers.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace ping::test {
namespace {

std::vector<SessionId> ids_of(const Result<std::vector<Session>>& sessions) {
    REQUIRE(sessions);
    std::vector<SessionId> ids;
    for (const auto& session : *sessions) {
        ids.push_back(session.id);
    }
    return ids;
}

std::vector<SessionId> ids_of(const std::vector<storage::EndedSession>& sessions) {
    std::vector<SessionId> ids;
    for (const auto& session : sessions) {
        ids.push_back(session.id);
    }
    return ids;
}

std::vector<storage::EndedSession> list_revoked(StorageFixture& fixture, Time now) {
    const auto revoked = run(fixture.loop, [&] { return fixture.sessions().list_revoked(now); });
    REQUIRE(revoked);
    return *revoked;
}

std::vector<SessionId> list(StorageFixture& fixture, UserId user) {
    return ids_of(run(fixture.loop, [&] { return fixture.sessions().list(user, fixture.clock.now()); }));
}

using Ids = std::vector<SessionId>;

}  // namespace

TEST_CASE("sessions: the first login makes the user, the next one finds it", "[sessions]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    const auto first = log_in(*fixture, make_login(*fixture, "ada@example.org", "Ada"));
    CHECK(first.user_created);
    CHECK(first.session.user == first.user.id);
    CHECK(first.session.device == "Firefox");
    CHECK(first.session.expires_at == fixture->clock.now() + std::chrono::hours(24 * 15));
    CHECK(first.evicted.empty());

    fixture->clock.advance(std::chrono::seconds(1));
    const auto second = log_in(*fixture, make_login(*fixture, "ada@example.org", "Other"));
    CHECK_FALSE(second.user_created);
    CHECK(second.user.id == first.user.id);
    CHECK(second.user.name == "Ada");
    CHECK(list(*fixture, first.user.id) == Ids{second.session.id, first.session.id});
}

TEST_CASE("T6: a code opens one session, whatever the code store says", "[sessions]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    constexpr int count = 200;
    std::vector<storage::Login> logins;
    for (int i = 0; i < count; ++i) {
        logins.push_back(make_login(*fixture, "ada@example.org"));
        logins.back().otp_id = "the same code";
    }
    const auto results = run_all(fixture->loop, count, [&](int i) {
        return fixture->sessions().open(logins[static_cast<std::size_t>(i)]);
    });
    int opened = 0;
    for (const auto& result : results) {
        opened += result ? 1 : 0;
        CHECK((result || result.error().code == ErrorCode::conflict));
    }
    CHECK(opened == 1);

    auto other = make_login(*fixture, "eve@example.org");
    other.otp_id = "the same code";
    const auto refused = run(fixture->loop, [&] { return fixture->sessions().open(other); });
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::conflict);
    const auto no_user = run(fixture->loop, [&] { return fixture->users().get(other.fresh_user); });
    CHECK_FALSE(no_user);
}

TEST_CASE("sessions: concurrent first logins make one user", "[sessions]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    constexpr int count = 8;
    std::vector<storage::Login> logins;
    for (int i = 0; i < count; ++i) {
        logins.push_back(make_login(*fixture, "ada@example.org"));
    }
    const auto results = run_all(fixture->loop, count, [&](int i) {
        return fixture->sessions().open(logins[static_cast<std::size_t>(i)]);
    });
    int created = 0;
    for (const auto& result : results) {
        REQUIRE(result);
        CHECK(result->user.id == results.front()->user.id);
        created += result->user_created ? 1 : 0;
    }
    CHECK(created == 1);
}

TEST_CASE("sessions: beyond the limit the oldest live one is revoked", "[sessions]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    Ids made;
    UserId user;
    for (int i = 0; i < 4; ++i) {
        auto login = make_login(*fixture, "ada@example.org");
        login.max_sessions = 3;
        const auto opened = log_in(*fixture, login);
        user = opened.user.id;
        made.push_back(opened.session.id);
        CHECK(ids_of(opened.evicted) == (i < 3 ? Ids{} : Ids{made.front()}));
        fixture->clock.advance(std::chrono::seconds(1));
    }
    CHECK(list(*fixture, user) == Ids{made[3], made[2], made[1]});
    CHECK(ids_of(list_revoked(*fixture, fixture->clock.now())) == Ids{made.front()});
}

TEST_CASE("sessions: the new session stays when the clock went back", "[sessions]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    const auto old = log_in(*fixture, make_login(*fixture, "ada@example.org"));
    fixture->clock.advance(-std::chrono::hours(1));
    auto login = make_login(*fixture, "ada@example.org");
    login.max_sessions = 1;
    const auto opened = log_in(*fixture, login);
    CHECK(opened.evicted == std::vector{storage::EndedSession{old.session.id, old.session.expires_at}});
    CHECK(list(*fixture, old.user.id) == Ids{opened.session.id});
}

TEST_CASE("sessions: revoke is for the owner, once, and is remembered a day beyond the token's end",
          "[sessions]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    const auto opened = log_in(*fixture, make_login(*fixture, "ada@example.org"));
    const auto eve = make_user(*fixture, "eve@example.org");
    const auto now = fixture->clock.now();
    const auto revoke = [&](UserId user) {
        const auto revoked =
            run(fixture->loop, [&] { return fixture->sessions().revoke(user, opened.session.id, now); });
        REQUIRE(revoked);
        return *revoked;
    };
    CHECK_FALSE(revoke(eve.id));
    CHECK(list(*fixture, opened.user.id).size() == 1);
    const auto end = opened.session.expires_at;
    CHECK(revoke(opened.user.id) == storage::EndedSession{opened.session.id, end});
    CHECK_FALSE(revoke(opened.user.id));
    CHECK(list(*fixture, opened.user.id).empty());

    const std::vector ended{storage::EndedSession{opened.session.id, end}};
    CHECK(list_revoked(*fixture, now) == ended);
    CHECK(list_revoked(*fixture, end + storage::kept_after_end - std::chrono::seconds(1)) == ended);
    CHECK(list_revoked(*fixture, end + storage::kept_after_end).empty());
}

TEST_CASE("sessions: a login clears away what ended more than a day ago, and nothing else", "[sessions]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    const auto old = log_in(*fixture, make_login(*fixture, "ada@example.org"));
    const auto begin = fixture->clock.now();
    REQUIRE(
        *run(fixture->loop, [&] { return fixture->sessions().revoke(old.user.id, old.session.id, begin); }));
    fixture->clock.set_now(old.session.expires_at + std::chrono::hours(1));
    log_in(*fixture, make_login(*fixture, "ada@example.org"));
    // The clock was wrong by an hour: the session still counts as revoked.
    CHECK(ids_of(list_revoked(*fixture, old.session.expires_at)) == Ids{old.session.id});
    fixture->clock.set_now(old.session.expires_at + storage::kept_after_end);
    log_in(*fixture, make_login(*fixture, "ada@example.org"));
    CHECK(list_revoked(*fixture, begin).empty());
}

TEST_CASE("sessions: when a session was last seen moves forward only", "[sessions]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    const auto first = log_in(*fixture, make_login(*fixture, "ada@example.org"));
    const auto second = log_in(*fixture, make_login(*fixture, "ada@example.org"));
    const auto now = fixture->clock.now();
    const auto note = [&](std::vector<storage::SeenSession> seen) {
        REQUIRE(run(fixture->loop, [&] { return fixture->sessions().note_seen(seen); }));
    };
    const auto last_seen = [&](SessionId id) {
        const auto sessions =
            run(fixture->loop, [&] { return fixture->sessions().list(first.user.id, now); });
        REQUIRE(sessions);
        const auto found =
            std::find_if(sessions->begin(), sessions->end(), [&](const Session& s) { return s.id == id; });
        REQUIRE(found != sessions->end());
        return found->last_seen_at;
    };
    CHECK_FALSE(last_seen(first.session.id));
    note({{first.session.id, now}, {fixture->make_id<SessionId>(), now}});
    CHECK(last_seen(first.session.id) == now);
    CHECK_FALSE(last_seen(second.session.id));
    note({{first.session.id, now - std::chrono::minutes(1)}, {second.session.id, now}});
    CHECK(last_seen(first.session.id) == now);
    CHECK(last_seen(second.session.id) == now);
}

TEST_CASE("sessions: revoke_all ends all live sessions of one user", "[sessions]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    const auto first = log_in(*fixture, make_login(*fixture, "ada@example.org"));
    const auto second = log_in(*fixture, make_login(*fixture, "ada@example.org"));
    const auto other = log_in(*fixture, make_login(*fixture, "eve@example.org"));
    const auto now = fixture->clock.now();
    const auto revoked =
        run(fixture->loop, [&] { return fixture->sessions().revoke_all(first.user.id, now); });
    REQUIRE(revoked);
    Ids sorted = ids_of(*revoked);
    std::sort(sorted.begin(), sorted.end());
    CHECK(sorted == Ids{first.session.id, second.session.id});
    CHECK(list(*fixture, first.user.id).empty());
    CHECK(list(*fixture, other.user.id).size() == 1);
    const auto again = run(fixture->loop, [&] { return fixture->sessions().revoke_all(first.user.id, now); });
    REQUIRE(again);
    CHECK(again->empty());
}

TEST_CASE("sessions: an expired session is not live", "[sessions]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    const auto opened = log_in(*fixture, make_login(*fixture, "ada@example.org"));
    fixture->clock.advance(std::chrono::hours(24 * 15));
    CHECK(list(*fixture, opened.user.id).empty());
    const auto now = fixture->clock.now();
    const auto revoked = run(
        fixture->loop, [&] { return fixture->sessions().revoke(opened.user.id, opened.session.id, now); });
    REQUIRE(revoked);
    CHECK_FALSE(*revoked);
}

TEST_CASE("T47: hostile texts are values in every field of a session", "[sessions]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    for (const auto& text : hostile_texts) {
        auto login = make_login(*fixture, text, text);
        login.otp_id = text;
        login.device = text;
        const auto opened = log_in(*fixture, login);
        const auto sessions = run(
            fixture->loop, [&] { return fixture->sessions().list(opened.user.id, fixture->clock.now()); });
        REQUIRE(ids_of(sessions) == Ids{opened.session.id});
        CHECK(sessions->front().device == text);
        CHECK(sessions->front().otp_id == text);
    }
}

}  // namespace ping::test
