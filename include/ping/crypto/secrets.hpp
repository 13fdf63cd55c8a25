#pragma once

#include "ping/core/config.hpp"
#include "ping/core/error.hpp"
#include "ping/crypto/jwt.hpp"
#include "ping/crypto/random.hpp"

#include <string>
#include <vector>

namespace ping::crypto {

/// The keys of the process, each derived from `auth.secret` by HKDF under a label of its own.
struct Secrets {
    std::vector<JwtKey> jwt;  ///< the current one first, then those of `auth.previous_secrets`
    std::vector<JwtKey> otp;  ///< likewise, for the codes' MACs
    Key media;
    Key jobs;
};

/// Says why a secret is refused (short, default, guessable: TRUST.md T22), or nothing when it is fit. The
/// text does not contain the secret.
std::optional<std::string> secret_weakness(std::string_view secret);

/// Reads the secret from `<data.dir>/secret`, or makes one there (mode 0600, durable), when `auth.secret` is
/// empty.
Result<std::string> load_or_make_secret(const Config& config, Rng& rng);

Secrets derive_secrets(const std::string& secret, const std::vector<std::string>& previous);

}  // namespace ping::crypto
