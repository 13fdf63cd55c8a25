#include "support/rabbitmq.hpp"

#include "ping/crypto/random.hpp"

#include <amqp_tcp_socket.h>
#include <cstdlib>

namespace ping::test {

using jobs::rabbitmq::Connection;
using jobs::rabbitmq::parse_endpoint;

const std::string& rabbitmq_url() {
    static const std::string url = [] {
        const char* const value = std::getenv("PINGD_TEST_RABBITMQ_URL");
        return std::string(value == nullptr ? "" : value);
    }();
    return url;
}

std::unique_ptr<Connection> connect_to_rabbitmq(const Clock& clock) {
    const auto endpoint = parse_endpoint(rabbitmq_url(), "");
    auto opened = Connection::open(*endpoint, "test", clock);
    if (!opened) {
        throw std::runtime_error("no RabbitMQ at " + rabbitmq_url() + ": " + opened.error().detail);
    }
    return std::move(*opened);
}

std::string unused_queue_name() {
    SystemRng rng;
    return "test-" + crypto::random_hex(rng, 8);
}

void delete_queue(const std::string& name) {
    const auto endpoint = parse_endpoint(rabbitmq_url(), "");
    auto* const connection = amqp_new_connection();
    auto* const socket = amqp_tcp_socket_new(connection);
    if (amqp_socket_open(socket, endpoint->host.c_str(), endpoint->port) == AMQP_STATUS_OK) {
        amqp_login(connection, endpoint->vhost.c_str(), 0, 131'072, 0, AMQP_SASL_METHOD_PLAIN,
                   endpoint->user.c_str(), endpoint->password.c_str());
        amqp_channel_open(connection, 1);
        amqp_queue_delete(connection, 1, amqp_cstring_bytes(name.c_str()), 0, 0);
        amqp_connection_close(connection, AMQP_REPLY_SUCCESS);
    }
    amqp_destroy_connection(connection);
}

std::size_t series(const Metrics& metrics, const std::string& name) {
    const auto text = metrics.to_text();
    const auto at = text.find("\n" + name + " ");
    return at == std::string::npos ? 0 : std::stoul(text.substr(at + name.size() + 2));
}

}  // namespace ping::test
