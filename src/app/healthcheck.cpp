#include "ping/app/cli.hpp"
#include "ping/core/address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <ostream>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace ping::app {
namespace {

using Deadline = std::chrono::steady_clock::time_point;
constexpr std::chrono::seconds request_time{5};
constexpr std::chrono::milliseconds pause_between_requests{200};

class Socket {
public:
    explicit Socket(int family)
        : descriptor_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
    ~Socket() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    int get() const { return descriptor_; }

    /// Whether the socket can be read or written (`events`, of poll) before the deadline.
    bool wait(short events, Deadline deadline) const {
        while (true) {
            const auto left =
                std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
            if (left.count() <= 0) {
                return false;
            }
            pollfd entry{descriptor_, events, 0};
            const int ready = ::poll(&entry, 1, static_cast<int>(left.count()));
            if (ready > 0) {
                return true;
            }
            if (ready < 0 && errno != EINTR) {
                return false;
            }
        }
    }

private:
    int descriptor_;
};

struct Endpoint {
    sockaddr_storage address{};
    socklen_t size = 0;
    std::string name;
};

/// Where a server that listens on `place` is reached from this machine.
Endpoint endpoint_of(const HostPort& place) {
    Endpoint endpoint;
    const bool is_v6 = place.host.find(':') != std::string::npos;
    auto host = place.host;
    if (host == "0.0.0.0" || host == "localhost") {
        host = "127.0.0.1";
    } else if (host == "::") {
        host = "::1";
    }
    if (is_v6) {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(place.port);
        ::inet_pton(AF_INET6, host.c_str(), &address.sin6_addr);
        std::memcpy(&endpoint.address, &address, sizeof address);
        endpoint.size = sizeof address;
        host = "[" + host + "]";
    } else {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(place.port);
        ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
        std::memcpy(&endpoint.address, &address, sizeof address);
        endpoint.size = sizeof address;
    }
    endpoint.name = host + ":" + std::to_string(place.port);
    return endpoint;
}

std::string last_error() {
    return std::system_category().message(errno);
}

/// Empty when connected, else why not.
std::string connect(const Socket& socket, const Endpoint& endpoint, Deadline deadline) {
    const auto* const address = reinterpret_cast<const sockaddr*>(&endpoint.address);
    if (::connect(socket.get(), address, endpoint.size) == 0) {
        return {};
    }
    if (errno != EINPROGRESS) {
        return last_error();
    }
    if (!socket.wait(POLLOUT, deadline)) {
        return "no answer in time";
    }
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 ? std::string() : std::system_category().message(error);
}

/// The first line of the answer, or as much as came.
std::string read_status_line(const Socket& socket, Deadline deadline) {
    std::string line;
    std::array<char, 256> buffer{};
    while (line.find('\n') == std::string::npos && line.size() < 1024 && socket.wait(POLLIN, deadline)) {
        const auto bytes = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
        if (bytes <= 0) {
            break;
        }
        line.append(buffer.data(), static_cast<std::size_t>(bytes));
    }
    return line.substr(0, line.find_first_of("\r\n"));
}

/// Empty when the server says it is ready, else why not.
std::string ask(const Endpoint& endpoint, Deadline deadline) {
    const Socket socket(endpoint.address.ss_family);
    if (socket.get() < 0) {
        return last_error();
    }
    if (auto failure = connect(socket, endpoint, deadline); !failure.empty()) {
        return failure;
    }
    const auto request = "GET /readyz HTTP/1.1\r\nHost: " + endpoint.name + "\r\nConnection: close\r\n\r\n";
    // It fits into any socket's send buffer.
    const auto sent = ::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(request.size())) {
        return last_error();
    }
    const auto line = read_status_line(socket, deadline);
    if (line.starts_with("HTTP/1.1 200")) {
        return {};
    }
    return line.empty() ? "no answer in time" : "it answered \"" + line + "\"";
}

}  // namespace

int run_healthcheck(const Command& command, const Environment& environment, std::ostream& out,
                    std::ostream& err) {
    const auto loaded = load_checked_config(command, environment);
    if (!loaded.errors.empty()) {
        print_config_errors(loaded, err);
        return exit_usage;
    }
    const auto place = parse_host_port(loaded.config.server.listen.front());
    const auto endpoint = endpoint_of(*place);
    const auto now = [] { return std::chrono::steady_clock::now(); };
    const auto give_up = now() + (command.wait.count() > 0 ? command.wait : request_time);
    while (true) {
        const auto failure = ask(endpoint, std::min<Deadline>(now() + request_time, give_up));
        if (failure.empty()) {
            out << "ready\n";
            return exit_ok;
        }
        if (command.wait.count() == 0 || now() + pause_between_requests > give_up) {
            err << "pingd at " << endpoint.name << " is not ready: " << failure << '\n';
            return exit_failure;
        }
        std::this_thread::sleep_for(pause_between_requests);
    }
}

}  // namespace ping::app
