#include "http/middleware/client_address.hpp"

#include "http/ascii.hpp"

#include <algorithm>
#include <optional>

namespace ping::http {
namespace {

// `192.0.2.1`, `192.0.2.1:1234`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:1234`.
std::optional<Address> parse_hop(std::string_view hop) {
    if (hop.starts_with('[')) {
        hop = hop.substr(1, hop.find(']') - 1);
    } else if (std::count(hop.begin(), hop.end(), ':') == 1) {
        hop = hop.substr(0, hop.find(':'));
    }
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(std::string(hop), error);
    if (error) {
        return std::nullopt;
    }
    return normalized(address);
}

std::vector<std::string_view> hops_of(const Request& request) {
    std::vector<std::string_view> hops;
    for (const auto& [name, value] : request.headers) {
        if (ascii::iequals(name, "x-forwarded-for")) {
            ascii::for_each_part(value, ',', [&](std::string_view hop) { hops.push_back(hop); });
        }
    }
    return hops;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& blocks) {
    TrustedProxies proxies;
    for (const auto& block : blocks) {
        auto network = Network::parse(block);
        if (!network) {
            return network.error();
        }
        proxies.networks_.push_back(std::move(*network));
    }
    return proxies;
}

bool TrustedProxies::contains(const Address& address) const {
    return std::any_of(networks_.begin(), networks_.end(),
                       [&](const Network& network) { return network.contains(address); });
}

Address TrustedProxies::client_of(const Address& peer, const Request& request) const {
    Address client = peer;
    const auto hops = hops_of(request);
    for (auto hop = hops.rbegin(); hop != hops.rend() && contains(client); ++hop) {
        const auto address = parse_hop(*hop);
        if (!address) {
            break;
        }
        client = *address;
    }
    return client;
}

bool has_forwarding_header(const Request& request) {
    return std::any_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
        return ascii::iequals(header.first, "forwarded") || ascii::istarts_with(header.first, "x-forwarded-");
    });
}

}  // namespace ping::http
