#include "jobs/rabbitmq/endpoint.hpp"

#include <catch2/catch.hpp>

using ping::jobs::rabbitmq::parse_endpoint;

TEST_CASE("rabbitmq: a URL names the broker, what is left out is the broker's default", "[rabbitmq]") {
    const auto full = parse_endpoint("amqps://me%40x:a%2Fb@mq.example.org:5679/my%2Fhost", "/ca.pem");
    REQUIRE(full.has_value());
    CHECK(full->host == "mq.example.org");
    CHECK(full->port == 5679);
    CHECK(full->user == "me@x");
    CHECK(full->password == "a/b");
    CHECK(full->vhost == "my/host");
    CHECK(full->is_tls);
    CHECK(full->ca_file == "/ca.pem");

    const auto bare = parse_endpoint("amqp://localhost", "");
    REQUIRE(bare.has_value());
    CHECK(bare->port == 5672);
    CHECK(bare->user == "guest");
    CHECK(bare->vhost == "/");
    CHECK_FALSE(bare->is_tls);
    CHECK(parse_endpoint("amqps://localhost", "")->port == 5671);
    CHECK(parse_endpoint("amqp://localhost/", "")->vhost == "/");
}

TEST_CASE("rabbitmq: an unfit URL is refused without its password", "[rabbitmq]") {
    for (const auto* const url : {"", "http://localhost", "amqp://me:hunter2@host:port", "localhost:5672"}) {
        const auto endpoint = parse_endpoint(url, "");
        REQUIRE_FALSE(endpoint.has_value());
        CHECK(endpoint.error().message.find("hunter2") == std::string::npos);
    }
}
