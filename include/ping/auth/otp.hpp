#pragma once

#include "ping/crypto/jwt.hpp"
#include "ping/crypto/random.hpp"
#include "ping/ephemeral/otp_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ping::auth {

/// What a code is good for; part of its MAC, so that a code sent by one channel is worth nothing on another.
enum class OtpPurpose { email_login };

/// A fresh code and what the store keeps of it.
struct NewOtp {
    std::string code;  ///< six digits, evenly distributed; goes into the mail and nowhere else
    std::string id;    ///< the flow: 128 random bits in hex
    std::string key_id;
    ephemeral::OtpNonce nonce{};
    ephemeral::OtpMac mac{};
};

/// Makes and checks one-time codes (TRUST.md §4.1). The MAC is HMAC-SHA256 over the length-prefixed purpose,
/// subject, id, nonce and code, so what a store leaks is no code without the key. Loop thread.
class OtpCodes {
public:
    OtpCodes(std::vector<crypto::JwtKey> keys, Rng& rng);

    NewOtp make(OtpPurpose purpose, std::string_view subject);
    /// In constant time. False for a key that is not known any more.
    bool matches(OtpPurpose purpose, std::string_view subject, std::string_view code,
                 const ephemeral::OtpChallenge& challenge) const;
    /// The same work as `matches`, for guesses that have nothing to be compared with (TRUST.md T11).
    void pretend_to_match(OtpPurpose purpose, std::string_view subject, std::string_view code) const;

    /// Exactly six ASCII digits.
    static bool is_code(std::string_view text);

private:
    std::vector<crypto::JwtKey> keys_;
    Rng& rng_;
};

}  // namespace ping::auth
