#include "integration/socketio_people.hpp"

#include <catch2/catch.hpp>

#include <set>

using ping::test::ApiClient;
using ping::test::message_ids;
using ping::test::SocketIoClient;
using ping::test::SocketIoPeople;

TEST_CASE("listeners: every address of server.listen serves all of it", "[http]") {
    SocketIoPeople two(
        [](ping::Config& config) { config.server.listen = {"127.0.0.1:0", "127.0.0.1:0", "127.0.0.2:0"}; });
    const auto& addresses = two.app.addresses();
    REQUIRE(std::set<std::string>(addresses.begin(), addresses.end()).size() == 3);
    std::vector<SocketIoClient> clients;
    for (const auto& address : addresses) {
        INFO(address);
        CHECK(ApiClient(address, two.ana.token).get("/api/v1/me").json.at("_id") ==
              boost::json::value(two.ana.id));
        clients.emplace_back(address);
        clients.back().log_in(two.bo.token);
    }
    // One service: what is said at one address is heard at all.
    const ApiClient last(addresses.back(), two.ana.token);
    const auto sent = last.post("/api/v1/message", {{"chatId", two.chat}, {"text", "to all"}});
    const std::string id(sent.json.at("message").at("_id").as_string());
    for (auto& client : clients) {
        CHECK(message_ids(client.pending()) == std::vector<std::string>{id});
    }
}
