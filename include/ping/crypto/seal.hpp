#pragma once

#include "ping/crypto/hmac.hpp"
#include "ping/crypto/random.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ping::crypto {

/// AES-256-GCM with a random 96-bit nonce in front; `context` is authenticated with it, so that a sealed text
/// cannot be moved to another place.
std::string seal(const Key& key, std::string_view plain, std::string_view context, Rng& rng);
/// Nothing when the text was not sealed by this key for this context.
std::optional<std::string> unseal(const Key& key, std::string_view sealed, std::string_view context);

}  // namespace ping::crypto
