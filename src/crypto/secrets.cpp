#include "ping/crypto/secrets.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace ping::crypto {
namespace {

/// The key under its public name: the start of its hash, which says nothing about the key.
JwtKey named_key(const Key& key) {
    JwtKey named{{}, key};
    const auto hash =
        sha256(std::string_view(reinterpret_cast<const char*>(named.key.data()), named.key.size()));
    for (std::size_t i = 0; i < 4; ++i) {
        named.id += fmt::format("{:02x}", hash[i]);
    }
    return named;
}

KeyRing key_ring(const std::string& secret, const std::vector<std::string>& previous,
                 std::string_view label) {
    KeyRing keys{derive_key(secret, label)};
    for (const auto& old : previous) {
        keys.push_back(derive_key(old, label));
    }
    return keys;
}

std::vector<JwtKey> named_keys(const KeyRing& keys) {
    std::vector<JwtKey> named;
    std::ranges::transform(keys, std::back_inserter(named), named_key);
    return named;
}

}  // namespace

Secrets derive_secrets(const std::string& secret, const std::vector<std::string>& previous) {
    return Secrets{named_keys(key_ring(secret, previous, "jwt")),
                   named_keys(key_ring(secret, previous, "otp")), key_ring(secret, previous, "media"),
                   key_ring(secret, previous, "jobs")};
}

}  // namespace ping::crypto
