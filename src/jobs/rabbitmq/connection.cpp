// librabbitmq's calls as values and errors; what it reads is in connection_events.cpp.
#include "jobs/rabbitmq/connection.hpp"

#include "jobs/rabbitmq/properties.hpp"

#include <openssl/ssl.h>

#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <new>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace ping::jobs::rabbitmq {
namespace {

constexpr amqp_channel_t channel = 1;
constexpr int most_channels = 8;
constexpr int frame_bytes = 128 * 1024;

timeval to_timeval(std::chrono::seconds time) {
    timeval value{};
    value.tv_sec = time.count();
    return value;
}

amqp_table_entry_t flag(const char* name) {
    amqp_table_entry_t entry{};
    entry.key = amqp_cstring_bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    entry.value.value.boolean = 1;
    return entry;
}

template <std::size_t Size>
amqp_table_t to_table(std::array<amqp_table_entry_t, Size>& entries) {
    amqp_table_t table{};
    table.num_entries = static_cast<int>(Size);
    table.entries = entries.data();
    return table;
}

/// Where nothing of what we sent was acknowledged (or a full window stays full), the kernel gives the
/// connection up: no write waits longer.
void bound_writes(int descriptor) {
    constexpr auto limit =
        static_cast<unsigned>(std::chrono::milliseconds(2 * Connection::heartbeat).count());
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit, sizeof limit);
}

}  // namespace

Connection::Connection(const Clock& clock) : clock_(clock), state_(amqp_new_connection()) {
    if (state_ == nullptr) {
        throw std::bad_alloc();
    }
}

Connection::~Connection() {
    if (is_logged_in_ && !is_broken_) {
        amqp_connection_close(state_, AMQP_REPLY_SUCCESS);
    }
    amqp_destroy_connection(state_);
}

Result<std::unique_ptr<Connection>> Connection::open(const Endpoint& endpoint, const std::string& name,
                                                     const Clock& clock) {
    std::unique_ptr<Connection> connection(new Connection(clock));
    if (auto connected = connection->connect(endpoint); !connected) {
        return connected.error();
    }
    if (auto logged_in = connection->log_in(endpoint, name); !logged_in) {
        return logged_in.error();
    }
    return connection;
}

Result<void> Connection::connect(const Endpoint& endpoint) {
    auto* const socket = endpoint.is_tls ? amqp_ssl_socket_new(state_) : amqp_tcp_socket_new(state_);
    if (socket == nullptr) {
        return broken("no socket");
    }
    if (endpoint.is_tls) {
        auto* const context = static_cast<SSL_CTX*>(amqp_ssl_socket_get_context(socket));
        SSL_CTX_set_default_verify_paths(context);
        amqp_ssl_socket_set_verify_peer(socket, 1);
        amqp_ssl_socket_set_verify_hostname(socket, 1);
        amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
        if (!endpoint.ca_file.empty()) {
            if (auto read = checked(amqp_ssl_socket_set_cacert(socket, endpoint.ca_file.c_str())); !read) {
                return read;
            }
        }
    }
    const auto limit = to_timeval(deadline);
    if (auto opened = checked(amqp_socket_open_noblock(socket, endpoint.host.c_str(), endpoint.port, &limit));
        !opened) {
        return opened;
    }
    bound_writes(descriptor());
    amqp_set_handshake_timeout(state_, &limit);
    return checked(amqp_set_rpc_timeout(state_, &limit));
}

Result<void> Connection::log_in(const Endpoint& endpoint, const std::string& name) {
    std::array<amqp_table_entry_t, 2> abilities{flag("consumer_cancel_notify"), flag("connection.blocked")};
    std::array<amqp_table_entry_t, 2> client{};
    client[0].key = amqp_cstring_bytes("connection_name");
    client[0].value.kind = AMQP_FIELD_KIND_UTF8;
    client[0].value.value.bytes = to_bytes(name);
    client[1].key = amqp_cstring_bytes("capabilities");
    client[1].value.kind = AMQP_FIELD_KIND_TABLE;
    client[1].value.value.table = to_table(abilities);
    const auto properties = to_table(client);
    const auto reply = amqp_login_with_properties(
        state_, endpoint.vhost.c_str(), most_channels, frame_bytes, static_cast<int>(heartbeat.count()),
        &properties, AMQP_SASL_METHOD_PLAIN, endpoint.user.c_str(), endpoint.password.c_str());
    if (reply.reply_type != AMQP_RESPONSE_NORMAL) {
        return broken(reply);
    }
    is_logged_in_ = true;
    amqp_channel_open(state_, channel);
    return checked_reply();
}

Result<QueueState> Connection::declare(const std::string& queue, int most_jobs) {
    std::array<amqp_table_entry_t, 1> bound{};
    bound[0].key = amqp_cstring_bytes("x-max-length");
    bound[0].value.kind = AMQP_FIELD_KIND_I32;
    bound[0].value.value.i32 = most_jobs;
    const auto arguments = most_jobs == 0 ? amqp_empty_table : to_table(bound);
    const auto* const declared =
        amqp_queue_declare(state_, channel, to_bytes(queue), 0 /* passive */, 1 /* durable */,
                           0 /* exclusive */, 0 /* auto-delete */, arguments);
    if (auto answered = checked_reply(); !answered) {
        return answered.error();
    }
    return QueueState{declared->message_count, declared->consumer_count};
}

Result<void> Connection::confirm_publishes() {
    amqp_confirm_select(state_, channel);
    return checked_reply();
}

Result<void> Connection::consume(const std::string& queue, const std::string& tag, int prefetch) {
    amqp_basic_qos(state_, channel, 0, static_cast<std::uint16_t>(prefetch), 0 /* this consumer's */);
    if (auto limited = checked_reply(); !limited) {
        return limited;
    }
    amqp_basic_consume(state_, channel, to_bytes(queue), to_bytes(tag), 0 /* no-local */, 0 /* no-ack */,
                       0 /* exclusive */, amqp_empty_table);
    return checked_reply();
}

Result<void> Connection::cancel(const std::string& tag) {
    amqp_basic_cancel(state_, channel, to_bytes(tag));
    return checked_reply();
}

Result<void> Connection::publish(const std::string& queue, const Job& job) {
    const JobProperties properties(job);
    return checked(amqp_basic_publish(state_, channel, amqp_empty_bytes, to_bytes(queue), 1 /* mandatory */,
                                      0 /* immediate */, properties.get(), to_bytes(job.body)));
}

Result<void> Connection::ack(std::uint64_t number) {
    return checked(amqp_basic_ack(state_, channel, number, 0 /* multiple */));
}

bool Connection::is_writable() const {
    pollfd socket{descriptor(), POLLOUT, 0};
    return ::poll(&socket, 1, 0) == 1;
}

int Connection::descriptor() const {
    return amqp_get_sockfd(state_);
}

Error Connection::broken(std::string detail) {
    is_broken_ = true;
    return errors::unavailable("The queue cannot be reached", "queue_down").with_detail(std::move(detail));
}

Error Connection::broken(int status) {
    return broken(std::string(amqp_error_string2(status)));
}

Error Connection::broken(const amqp_rpc_reply_t& reply) {
    if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION) {
        if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
            return broken(to_string(static_cast<amqp_channel_close_t*>(reply.reply.decoded)->reply_text));
        }
        if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
            return broken(to_string(static_cast<amqp_connection_close_t*>(reply.reply.decoded)->reply_text));
        }
        return broken("the broker refused");
    }
    return broken(reply.library_error);
}

Result<void> Connection::checked(int status) {
    return status == AMQP_STATUS_OK ? ok() : broken(status);
}

Result<void> Connection::checked_reply() {
    const auto reply = amqp_get_rpc_reply(state_);
    return reply.reply_type == AMQP_RESPONSE_NORMAL ? ok() : broken(reply);
}

}  // namespace ping::jobs::rabbitmq
