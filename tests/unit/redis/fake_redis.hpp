#pragma once

#include "ping/runtime/loop.hpp"
#include "ping/runtime/task_group.hpp"
#include "redis/reply_reader.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace ping::test {

/// A server on the loop of the test that reads commands as Redis does and answers as it is told: what
/// `answer` returns goes out as it is, nothing when it is empty.
class FakeRedis {
public:
    using Command = std::vector<std::string>;
    using Answer = std::function<std::string(const Command&)>;

    FakeRedis(Loop& loop, TaskGroup& tasks)
        : tasks_(tasks), acceptor_(loop.context(), {boost::asio::ip::address_v4::loopback(), 0}) {
        tasks_.spawn("fake_redis", [this] { return accept(); });
    }

    std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }
    /// `+PONG`, `+OK`: what a fresh server says.
    static std::string be_friendly(const Command& command) {
        return command[0] == "PING" ? "+PONG\r\n" : "+OK\r\n";
    }

    Answer answer = be_friendly;
    std::vector<Command> commands;  ///< all that came, in order
    int connections = 0;

    /// Ends every connection.
    void cut() {
        for (auto& socket : sockets_) {
            boost::system::error_code ignored;
            socket->close(ignored);
        }
        sockets_.clear();
    }
    void stop() {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        cut();
    }

private:
    using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

    Task<> accept() {
        while (true) {
            auto socket = std::make_shared<Socket>(acceptor_.get_executor());
            const auto [error] = co_await acceptor_.async_accept(*socket, use_task);
            if (error) {
                co_return;
            }
            ++connections;
            sockets_.push_back(socket);
            tasks_.spawn("fake_redis.connection", [this, socket] { return serve(socket); });
        }
    }

    Task<> serve(std::shared_ptr<Socket> socket) {
        redis::ReplyReader reader;  // commands are arrays of texts
        std::array<char, 4096> buffer{};
        while (true) {
            const auto target = boost::asio::buffer(buffer);
            const auto [error, size] = co_await socket->async_read_some(target, use_task);
            if (error || !reader.feed(std::string_view(buffer.data(), size))) {
                co_return;
            }
            std::string answers;
            for (auto next = reader.next(); next && *next; next = reader.next()) {
                Command command;
                for (auto& item : (*next)->items) {
                    command.push_back(std::move(item.text));
                }
                commands.push_back(command);
                answers += answer(command);
            }
            const auto bytes = boost::asio::buffer(answers);
            const auto [broken, sent] = co_await boost::asio::async_write(*socket, bytes, use_task);
            if (broken) {
                co_return;
            }
        }
    }

    TaskGroup& tasks_;
    boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor> acceptor_;
    std::vector<std::shared_ptr<Socket>> sockets_;
};

}  // namespace ping::test
