#include "ping/core/address.hpp"

#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace ping {
namespace {

/// The size of the address in bits: 32, 128, or 0 when it is none.
int address_bits(std::string_view text) {
    const std::string copy(text);
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    if (::inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1) {
        return 32;
    }
    return ::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1 ? 128 : 0;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<HostPort> parse_host_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
    auto host = text.substr(0, colon);
    const bool has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (has_brackets) {
        host = host.substr(1, host.size() - 2);
    }
    const int bits_wanted = has_brackets ? 128 : 32;
    if (!port || (host != "localhost" && address_bits(host) != bits_wanted)) {
        return std::nullopt;
    }
    return HostPort{std::string(host), *port};
}

bool is_ip_address(std::string_view text) {
    return address_bits(text) != 0;
}

bool is_ip_block(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) {
        return is_ip_address(text);
    }
    const int bits = address_bits(text.substr(0, slash));
    const auto prefix = parse_number<int>(text.substr(slash + 1));
    return bits != 0 && prefix && *prefix >= 0 && *prefix <= bits;
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "::1" || (host.starts_with("127.") && is_ip_address(host));
}

}  // namespace ping
