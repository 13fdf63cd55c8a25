#include "contract/storage_helpers.hpp"

#include <catch2/catch.hpp>

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
        CHECK(opened.evicted == (i < 3 ? Ids{} : Ids{made.front()}));
        fixture->clock.advance(std::chrono::seconds(1));
    }
    CHECK(list(*fixture, user) == Ids{made[3], made[2], made[1]});
    const auto revoked =
        run(fixture->loop, [&] { return fixture->sessions().list_revoked(fixture->clock.now()); });
    CHECK(ids_of(revoked) == Ids{made.front()});
}

TEST_CASE("sessions: the new session stays when the clock went back", "[sessions]") {
    PING_FOR_EACH_ADAPTER(StorageFixture, fixture);
    const auto old = log_in(*fixture, make_login(*fixture, "ada@example.org"));
    fixture->clock.advance(-std::chrono::hours(1));
    auto login = make_login(*fixture, "ada@example.org");
    login.max_sessions = 1;
    const auto opened = log_in(*fixture, login);
    CHECK(opened.evicted == Ids{old.session.id});
    CHECK(list(*fixture, old.user.id) == Ids{opened.session.id});
}

TEST_CASE("sessions: revoke is for the owner, once, and shows until the token's end", "[sessions]") {
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
    CHECK(revoke(opened.user.id));
    CHECK_FALSE(revoke(opened.user.id));
    CHECK(list(*fixture, opened.user.id).empty());

    const auto listed = run(fixture->loop, [&] { return fixture->sessions().list_revoked(now); });
    REQUIRE(ids_of(listed) == Ids{opened.session.id});
    CHECK(listed->front().revoked_at == now);
    CHECK(listed->front().user == opened.user.id);
    const auto end = opened.session.expires_at;
    CHECK(ids_of(run(fixture->loop, [&] { return fixture->sessions().list_revoked(end); })).empty());
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
    Ids sorted = *revoked;
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
