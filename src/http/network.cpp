#include "http/network.hpp"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace ping::http {

namespace asio = boost::asio;

namespace {

template <class Integer>
std::optional<Integer> parse_number(std::string_view text, Integer most) {
    Integer number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number > most) {
        return std::nullopt;
    }
    return number;
}

std::optional<Address> parse_host(std::string_view host) {
    if (host == "localhost") {
        return asio::ip::address_v4::loopback();
    }
    const bool has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (has_brackets) {
        host = host.substr(1, host.size() - 2);
    }
    boost::system::error_code error;
    const auto address = asio::ip::make_address(std::string(host), error);
    if (error || address.is_v6() != has_brackets) {
        return std::nullopt;
    }
    return std::optional<Address>(address);
}

}  // namespace

Address normalized(const Address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    }
    return address;
}

Address subscriber_of(const Address& address) {
    auto plain = normalized(address);
    if (plain.is_v4()) {
        return plain;
    }
    auto bytes = plain.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), 0);
    return asio::ip::address_v6(bytes);
}

Result<asio::ip::tcp::endpoint> parse_listen_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon != std::string_view::npos) {
        const auto host = parse_host(text.substr(0, colon));
        const auto port = parse_number<std::uint16_t>(text.substr(colon + 1), 65535);
        if (host && port) {
            return asio::ip::tcp::endpoint(*host, *port);
        }
    }
    return errors::invalid("server.listen: not an address with a port, like 127.0.0.1:8080 or [::1]:8080: " +
                           std::string(text));
}

std::string to_text(const asio::ip::tcp::endpoint& endpoint) {
    const auto host = endpoint.address().to_string();
    const auto port = ":" + std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + host + "]" + port : host + port;
}

Result<Network> Network::parse(std::string_view text) {
    const auto slash = text.find('/');
    boost::system::error_code error;
    const auto base = normalized(asio::ip::make_address(std::string(text.substr(0, slash)), error));
    const unsigned bits = base.is_v4() ? 32 : 128;
    const auto prefix = slash == std::string_view::npos
                            ? std::optional<unsigned>(bits)
                            : parse_number<unsigned>(text.substr(slash + 1), bits);
    if (error || !prefix) {
        return errors::invalid("server.trusted_proxies: not an address or a block like 10.0.0.0/8: " +
                               std::string(text));
    }
    return Network(base, *prefix);
}

bool Network::contains(const Address& address) const {
    const auto wanted = normalized(address);
    if (wanted.is_v4() != base_.is_v4()) {
        return false;
    }
    if (wanted.is_v4()) {
        const auto prefix = static_cast<unsigned short>(prefix_);
        return asio::ip::network_v4(base_.to_v4(), prefix).network() ==
               asio::ip::network_v4(wanted.to_v4(), prefix).network();
    }
    // A scope (fe80::1%eth0) is no part of the number that is compared.
    const auto ours = base_.to_v6().to_bytes();
    const auto theirs = wanted.to_v6().to_bytes();
    for (unsigned bit = 0; bit < prefix_; bit += 8) {
        const unsigned left = prefix_ - bit;
        const unsigned mask = left >= 8 ? 0xFFU : 0xFFU << (8U - left) & 0xFFU;
        if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
            return false;
        }
    }
    return true;
}

}  // namespace ping::http
