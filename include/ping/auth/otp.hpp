#pragma once

#include "ping/crypto/jwt.hpp"
#include "ping/crypto/random.hpp"
#include "ping/ephemeral/otp_store.hpp"

#include <memory>
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
    /// Compares this guess with challenges, in constant time and on any thread; may outlive the codes. Never
    /// right for a key that is not known (any more), which takes the same time (TRUST.md T11).
    ephemeral::OtpMatcher matcher(OtpPurpose purpose, std::string subject, std::string code) const;

    /// Exactly six ASCII digits.
    static bool is_code(std::string_view text);

private:
    std::shared_ptr<const std::vector<crypto::JwtKey>> keys_;  ///< the newest first
    Rng& rng_;
};

}  // namespace ping::auth
