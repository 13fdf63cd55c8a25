#pragma once

#include "ping/core/error.hpp"
#include "ping/core/identity.hpp"
#include "ping/crypto/hmac.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ping::crypto {

/// A signing key with the name that goes into the header's `kid`.
struct JwtKey {
    std::string id;
    Key key;
};

/// Signs and checks Ping's tokens: HS256 JWTs (RFC 7519) with header {alg, typ:"ping+jwt", kid} and claims
/// {iss, aud, sub: user id, sid: session id, iat, exp}. Says nothing about revocation. Any thread.
class Jwt {
public:
    /// `keys.front()` signs; all of them check. At least one.
    explicit Jwt(std::vector<JwtKey> keys);

    std::string sign(const Identity& identity, Time issued_at) const;
    /// unauthenticated ("Please Login - JWT error") for anything but a token of ours that is valid at `now`
    /// (exp has not passed; iat at most 60 s ahead). Compares the MAC in constant time before it parses a
    /// claim.
    Result<Identity> verify(std::string_view token, Time now) const;

private:
    std::vector<JwtKey> keys_;
};

}  // namespace ping::crypto
