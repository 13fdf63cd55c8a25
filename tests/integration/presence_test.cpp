#include "integration/two_people.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using ping::test::pending_events;
using ping::test::TestApp;
using ping::test::TwoPeople;
using ping::test::wait_for_connections;
using ping::test::WsClient;

namespace {

using Names = std::vector<std::string>;

/// The ids of a list, sorted.
Names ids_of(const boost::json::value& list) {
    Names ids;
    for (const auto& id : list.as_array()) {
        ids.emplace_back(id.as_string());
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

Names sorted(Names ids) {
    std::sort(ids.begin(), ids.end());
    return ids;
}

/// Presence that is waiting for this client: "+id", "-id".
Names pending_presence(WsClient& client) {
    Names changes;
    for (const auto& event : pending_events(client)) {
        const auto name = event.at("event").as_string();
        if (name == "userOnline" || name == "userOffline") {
            changes.push_back((name == "userOnline" ? "+" : "-") +
                              std::string(event.at("data").at("userId").as_string()));
        }
    }
    return changes;
}

/// When the other one in the viewer's newest chat was last seen; empty: nobody knows.
std::string last_seen(const ping::test::ApiClient& viewer) {
    const auto chats = viewer.get("/api/v1/chat/all").json;
    const auto& user = chats.at("chats").at(0).at("user").as_object();
    return user.contains("lastSeenAt") ? std::string(user.at("lastSeenAt").as_string()) : std::string();
}

/// The same when it is stored; empty when it is not after many questions.
std::string wait_for_last_seen(const TestApp::Person& viewer) {
    std::string stored;
    for (int i = 0; i < 2000 && stored.empty(); ++i) {
        stored = last_seen(viewer.api);
    }
    return stored;
}

/// Lets pauses between two tellings end.
void pass_pauses(TestApp& app) {
    app.advance(600ms);
    app.advance(600ms);
}

}  // namespace

TEST_CASE("presence: the list comes right behind hello, oneself in it", "[ws][presence]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    CHECK(ids_of(ana.receive().at("data")) == Names{two.ana.id});
    auto bo = two.connect(two.bo);
    CHECK(ids_of(bo.next("getOnlineUser")) == sorted({two.ana.id, two.bo.id}));
    pass_pauses(two.app);
    CHECK(ana.next("userOnline") == boost::json::value{{"userId", two.bo.id}});
}

TEST_CASE("presence: three devices, offline at once after logout", "[ws][presence]") {
    TwoPeople two;
    two.app.advance(61s);  // before the next code may be asked for
    const auto old = two.app.wait_for_code("bo@example.com");
    REQUIRE(two.app.client().post("/api/v1/login", {{"email", "bo@example.com"}}).status == 200);
    const auto code = two.app.wait_for_code("bo@example.com", old);
    const auto opened = two.app.client().post("/api/v1/verify", {{"email", "bo@example.com"}, {"otp", code}});
    const std::string other_token(opened.json.at("token").as_string());
    auto ana = two.connect(two.ana);
    auto phone = two.connect(two.bo);
    WsClient laptop(two.app.address());
    laptop.log_in(other_token);
    pass_pauses(two.app);
    CHECK(pending_presence(ana) == Names{"+" + two.bo.id});
    REQUIRE(two.bo.api.post("/api/v1/logout", boost::json::object()).status == 200);
    pass_pauses(two.app);
    CHECK(pending_presence(ana).empty());
    REQUIRE(two.app.client(other_token).post("/api/v1/logout", boost::json::object()).status == 200);
    pass_pauses(two.app);
    CHECK(pending_presence(ana) == Names{"-" + two.bo.id});
}

TEST_CASE("presence: offline 8 s after a cut was noticed, at once after a goodbye", "[ws][presence]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    pass_pauses(two.app);
    ana.next("userOnline");
    SECTION("cut") {
        bo.cut();
        wait_for_connections(two.app, 1);
        two.app.advance(7900ms);
        CHECK(pending_presence(ana).empty());
        two.app.advance(200ms);
    }
    SECTION("goodbye") {
        bo.close();
        wait_for_connections(two.app, 1);
    }
    pass_pauses(two.app);
    CHECK(pending_presence(ana) == Names{"-" + two.bo.id});
}

TEST_CASE("presence: silence counts as a cut after 20 s", "[ws][presence]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    Names changes;
    for (int second = 0; second < 40 && changes.size() < 2; ++second) {
        two.app.advance(1s);
        const auto more = pending_presence(ana);  // reading answers the pings, and Bo reads nothing
        changes.insert(changes.end(), more.begin(), more.end());
        if (second < 27) {
            CHECK(changes.size() <= 1);
        }
    }
    CHECK(changes == Names{"+" + two.bo.id, "-" + two.bo.id});
}

TEST_CASE("presence: reloads and two tabs never turn a user offline", "[ws][presence]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    auto tab = std::make_unique<WsClient>(two.connect(two.bo));
    pass_pauses(two.app);
    CHECK(pending_presence(ana) == Names{"+" + two.bo.id});
    auto other_tab = std::make_unique<WsClient>(two.connect(two.bo));
    tab->close();
    two.app.advance(9s);
    CHECK(pending_presence(ana).empty());
    other_tab->cut();
    wait_for_connections(two.app, 1);
    two.app.advance(5s);
    tab = std::make_unique<WsClient>(two.connect(two.bo));
    two.app.advance(9s);
    pass_pauses(two.app);
    CHECK(pending_presence(ana).empty());
}

TEST_CASE("T32: with open_up_to 0 a stranger is told of nobody, by socket or by REST",
          "[ws][presence][T32]") {
    TwoPeople two([](ping::Config& config) { config.presence.open_up_to = 0; });
    const auto eve_person = two.app.log_in("eve@example.com");
    auto eve = two.connect(eve_person);
    auto ana = two.connect(two.ana);
    CHECK(ids_of(ana.next("getOnlineUser")) == Names{two.ana.id});
    auto bo = two.connect(two.bo);
    CHECK(ids_of(bo.next("getOnlineUser")) == sorted({two.ana.id, two.bo.id}));
    pass_pauses(two.app);
    CHECK(pending_presence(ana) == Names{"+" + two.bo.id});
    bo.close();
    pass_pauses(two.app);
    CHECK(ana.next("userOffline").at("lastSeenAt").is_string());
    auto eve_again = two.connect(eve_person);
    CHECK(ids_of(eve_again.next("getOnlineUser")) == Names{eve_person.id});
    for (const auto& event : pending_events(eve)) {
        CHECK(event.at("event") == "getOnlineUser");
        CHECK(ids_of(event.at("data")) == Names{eve_person.id});
    }
    two.app.advance(1100ms);
    wait_for_last_seen(two.ana);
    const auto shown_to = [&](const TestApp::Person& viewer) {
        bool is_shown = viewer.api.get("/api/v1/user/" + two.bo.id).json.as_object().contains("lastSeenAt");
        const auto everyone = viewer.api.get("/api/v1/user/all").json;
        for (const auto& user : everyone.as_array()) {
            is_shown = is_shown || (user.at("_id") == boost::json::value(two.bo.id) &&
                                    user.as_object().contains("lastSeenAt"));
        }
        return is_shown;
    };
    CHECK_FALSE(shown_to(eve_person));
    CHECK(shown_to(two.ana));
}

TEST_CASE("presence: a chat that is made now shows both to each other", "[ws][presence]") {
    TwoPeople two([](ping::Config& config) { config.presence.open_up_to = 0; });
    const auto eve_person = two.app.log_in("eve@example.com");
    auto eve = two.connect(eve_person);
    auto ana = two.connect(two.ana);
    CHECK(ids_of(ana.next("getOnlineUser")) == Names{two.ana.id});
    CHECK(ids_of(eve.next("getOnlineUser")) == Names{eve_person.id});
    two.app.new_chat(eve_person, two.ana);
    CHECK(ana.next("userOnline").at("userId") == boost::json::value(eve_person.id));
    CHECK(eve.next("userOnline").at("userId") == boost::json::value(two.ana.id));
}

TEST_CASE("presence: when somebody was last seen is stored, also at a stop", "[ws][presence]") {
    TwoPeople two;
    auto ana = two.connect(two.ana);
    auto bo = two.connect(two.bo);
    CHECK(last_seen(two.ana.api).empty());
    two.app.advance(5s);
    const auto left_at = ping::to_iso8601(two.app.clock().now());
    SECTION("goodbye") {
        bo.close();
        wait_for_connections(two.app, 1);
        two.app.advance(1100ms);
        CHECK(wait_for_last_seen(two.ana) == left_at);
    }
    SECTION("stop") {
        two.app.restart();
        CHECK(last_seen(two.app.client(two.ana.token)) >= left_at);
        CHECK(last_seen(two.app.client(two.bo.token)) >= left_at);
    }
}
