#pragma once

#include "http/network.hpp"
#include "ping/http/request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ping::http {

/// Whose word about a client's address counts: `server.trusted_proxies` (TRUST.md T58).
class TrustedProxies {
public:
    static Result<TrustedProxies> parse(const std::vector<std::string>& blocks);

    bool contains(const Address& address) const;
    /// The right-most hop of X-Forwarded-For (all such fields, joined in order) that is not a trusted proxy,
    /// read only when `peer` is one. A hop that is no address ends the reading: what stands left of it is
    /// anybody's claim.
    Address client_of(const Address& peer, const Request& request) const;

private:
    std::vector<Network> networks_;
};

/// Whether a proxy of any kind passed the request on: Forwarded or X-Forwarded-* is there.
bool has_forwarding_header(const Request& request);

}  // namespace ping::http
