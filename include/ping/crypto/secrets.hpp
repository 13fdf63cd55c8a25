#pragma once

#include "ping/core/config.hpp"
#include "ping/core/error.hpp"
#include "ping/crypto/jwt.hpp"
#include "ping/crypto/random.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ping::crypto {

/// The keys of the process, each derived from `auth.secret` by HKDF under a label of its own.
struct Secrets {
    std::vector<JwtKey> jwt;  ///< the current one first, then those of `auth.previous_secrets`
    std::vector<JwtKey> otp;  ///< likewise, for the codes' MACs
    KeyRing media;            ///< likewise, for links to images
    KeyRing jobs;             ///< likewise, for what waits in the queues
};

/// Says why a secret is refused (short, default, guessable: TRUST.md T22), or nothing when it is fit. The
/// text does not contain the secret.
std::optional<std::string> secret_weakness(std::string_view secret);

/// `auth.secret`, or, when that is empty, the one in `<data.dir>/secret`, made there at the first start (mode
/// 0600, durable). The folder must exist. `internal` with a detail that says what to do when the file cannot
/// be read or written, is open to other users or holds a weak secret. Blocks; at start-up only.
Result<std::string> load_or_make_secret(const Config& config, Rng& rng);

Secrets derive_secrets(const std::string& secret, const std::vector<std::string>& previous);

}  // namespace ping::crypto
