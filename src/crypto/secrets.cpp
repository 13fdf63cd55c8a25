#include "ping/crypto/secrets.hpp"

#include <fmt/format.h>

namespace ping::crypto {
namespace {

/// The key under its public name: the start of its hash, which says nothing about the key.
JwtKey named_key(const std::string& secret, std::string_view label) {
    JwtKey named{{}, derive_key(secret, label)};
    const auto hash =
        sha256(std::string_view(reinterpret_cast<const char*>(named.key.data()), named.key.size()));
    for (std::size_t i = 0; i < 4; ++i) {
        named.id += fmt::format("{:02x}", hash[i]);
    }
    return named;
}

std::vector<JwtKey> named_keys(const std::string& secret, const std::vector<std::string>& previous,
                               std::string_view label) {
    std::vector<JwtKey> keys{named_key(secret, label)};
    for (const auto& old : previous) {
        keys.push_back(named_key(old, label));
    }
    return keys;
}

KeyRing key_ring(const std::string& secret, const std::vector<std::string>& previous,
                 std::string_view label) {
    KeyRing keys{derive_key(secret, label)};
    for (const auto& old : previous) {
        keys.push_back(derive_key(old, label));
    }
    return keys;
}

}  // namespace

Secrets derive_secrets(const std::string& secret, const std::vector<std::string>& previous) {
    return Secrets{named_keys(secret, previous, "jwt"), named_keys(secret, previous, "otp"),
                   key_ring(secret, previous, "media"), key_ring(secret, previous, "jobs")};
}

}  // namespace ping::crypto
