#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ping {

/// A place to listen or to connect to. `host` has no brackets.
struct HostPort {
    std::string host;
    std::uint16_t port = 0;
};

/// Reads `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`. Nothing when the port is missing or not 0-65535,
/// or the host is neither an address nor `localhost`.
std::optional<HostPort> parse_host_port(std::string_view text);

/// An IPv4 or IPv6 address, without brackets, port or zone.
bool is_ip_address(std::string_view text);
/// An address, or an address and the length of its prefix (`10.0.0.0/8`).
bool is_ip_block(std::string_view text);
/// `localhost`, 127.0.0.0/8 or ::1.
bool is_loopback(std::string_view host);

}  // namespace ping
