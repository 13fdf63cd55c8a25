#include "ping/app/local_request.hpp"

#include "ping/core/address.hpp"

namespace ping::app {
namespace {

/// `host` or `host:port`, `[v6]` or `[v6]:port`; nothing else, so that `[::1].evil.example` is not ours.
bool is_loopback_host(const std::string& host) {
    if (const auto with_port = parse_host_port(host)) {
        return is_loopback(with_port->host);
    }
    const bool has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
    return is_loopback(has_brackets ? host.substr(1, host.size() - 2) : host);
}

}  // namespace

bool is_local(const http::Request& request) {
    return request.peer.is_loopback() && !request.is_forwarded &&
           is_loopback_host(std::string(request.header("host")));
}

}  // namespace ping::app
