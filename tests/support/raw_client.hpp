#pragma once

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <map>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace ping::test {

/// An answer as it came: header names in lower case.
struct RawAnswer {
    int status = 0;
    std::string head;
    std::map<std::string, std::string> headers;
    std::string body;

    std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string() : found->second;
    }
};

/// A TCP client that sends whatever it is given. Blocks; every wait ends after its patience. Use it on the
/// test thread while the loop runs on another.
class RawClient {
public:
    struct Options {
        std::string source;      ///< the address to come from, e.g. `127.0.0.2`; empty: the system's choice
        int receive_buffer = 0;  ///< bytes; 0: the system's choice
        int patience_ms = 5000;
    };

    /// `address`: `127.0.0.1:8080`. Throws std::runtime_error when the connection cannot be made.
    explicit RawClient(const std::string& address) : RawClient(address, Options()) {}
    RawClient(const std::string& address, const Options& options)
        : socket_(::socket(AF_INET, SOCK_STREAM, 0)), patience_ms_(options.patience_ms) {
        if (options.receive_buffer > 0) {
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &options.receive_buffer, sizeof(int));
        }
        if (!options.source.empty()) {
            const auto source = to_sockaddr(options.source, 0);
            check(::bind(socket_, as_base(source), sizeof source) == 0, "bind");
        }
        const auto colon = address.rfind(':');
        const auto target = to_sockaddr(address.substr(0, colon), std::stoi(address.substr(colon + 1)));
        check(::connect(socket_, as_base(target), sizeof target) == 0, "connect");
    }
    RawClient(RawClient&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)),
          patience_ms_(other.patience_ms_),
          received_(std::move(other.received_)) {}
    RawClient& operator=(RawClient&&) = delete;
    ~RawClient() { close(); }

    /// False when the peer no longer takes bytes.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void finish_sending() { ::shutdown(socket_, SHUT_WR); }
    void close() {
        if (socket_ >= 0) {
            ::close(std::exchange(socket_, -1));
        }
    }

    /// The next answer, with its body by Content-Length (none for an answer to HEAD). Nothing when the
    /// connection ended before one was whole.
    std::optional<RawAnswer> read_answer(bool is_to_head = false) {
        std::size_t end = std::string::npos;
        while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
            if (!receive()) {
                return std::nullopt;
            }
        }
        RawAnswer answer = parse_head(received_.substr(0, end + 2));
        received_.erase(0, end + 4);
        const auto length = answer.header("content-length");
        const std::size_t size = length.empty() || is_to_head ? 0 : std::stoul(length);
        while (received_.size() < size) {
            if (!receive()) {
                return std::nullopt;
            }
        }
        answer.body = received_.substr(0, size);
        received_.erase(0, size);
        return answer;
    }
    /// Sends and reads one answer. Status 0: none came.
    RawAnswer ask(std::string_view request) {
        send(request);
        return read_answer().value_or(RawAnswer());
    }
    /// Everything until the peer closes.
    std::string read_all() {
        while (receive()) {
        }
        return std::exchange(received_, {});
    }
    /// Waits until the peer has closed; false when its patience ends before. Drops what comes before.
    bool is_closed_by_peer() {
        while (receive()) {
        }
        return is_closed_;
    }
    /// Looks without waiting; drops what has come.
    bool is_closed_already() {
        while (!is_closed_ && receive_within(0)) {
        }
        return is_closed_;
    }

private:
    static void check(bool is_good, const char* what) {
        if (!is_good) {
            throw std::runtime_error(std::string("RawClient: ") + what + " failed");
        }
    }
    static sockaddr_in to_sockaddr(const std::string& host, int port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        check(::inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1, "address");
        return address;
    }
    static const sockaddr* as_base(const sockaddr_in& address) {
        return static_cast<const sockaddr*>(static_cast<const void*>(&address));
    }

    bool receive() { return receive_within(patience_ms_); }
    bool receive_within(int wait_ms) {
        pollfd poller{socket_, POLLIN, 0};
        if (::poll(&poller, 1, wait_ms) != 1) {
            return false;
        }
        char bytes[16 * 1024];
        const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
        if (count <= 0) {
            is_closed_ = true;
            return false;
        }
        received_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }

    static RawAnswer parse_head(std::string_view head) {
        RawAnswer answer;
        answer.head = std::string(head);
        answer.status = std::atoi(answer.head.substr(9, 3).c_str());
        for (auto at = head.find("\r\n") + 2; at < head.size();) {
            const auto end = head.find("\r\n", at);
            const auto line = head.substr(at, end - at);
            const auto colon = line.find(": ");
            std::string name(line.substr(0, colon));
            for (auto& c : name) {
                c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            }
            answer.headers[name] = std::string(line.substr(colon + 2));
            at = end + 2;
        }
        return answer;
    }

    int socket_;
    int patience_ms_;
    std::string received_;
    bool is_closed_ = false;
};

}  // namespace ping::test
