#pragma once

#include "ping/core/error.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace ping::http {

using Address = boost::asio::ip::address;

/// An IPv4 address that came as IPv6 (`::ffff:192.0.2.1`) is the IPv4 address.
Address normalized(const Address& address);

/// Whom limits per address count as one: an IPv4 address, or the /64 of an IPv6 address (the rest is 0),
/// because a subscriber has a whole /64 to choose from.
Address subscriber_of(const Address& address);

/// `192.0.2.1:8080`, `[::1]:8080`, `localhost:8080` (127.0.0.1). Port 0 lets the system choose one.
Result<boost::asio::ip::tcp::endpoint> parse_listen_address(std::string_view text);
std::string to_text(const boost::asio::ip::tcp::endpoint& endpoint);

/// An address block: `10.0.0.0/8`, `fd00::/8`, or one address.
class Network {
public:
    static Result<Network> parse(std::string_view text);
    bool contains(const Address& address) const;

private:
    Network(Address base, unsigned prefix) : base_(std::move(base)), prefix_(prefix) {}
    Address base_;
    unsigned prefix_;
};

}  // namespace ping::http
