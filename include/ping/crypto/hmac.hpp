#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace ping::crypto {

using Key = std::array<std::uint8_t, 32>;
/// Keys of one purpose, at least one: the first one seals and signs, all of them open and check.
using KeyRing = std::vector<Key>;
using Digest = std::array<std::uint8_t, 32>;

/// HMAC-SHA256 (RFC 2104). The key is not empty.
Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view data);
Digest sha256(std::string_view data);
/// HKDF-SHA256 (RFC 5869) without salt: one key per `label`, so that no key serves two ends.
Key derive_key(std::string_view secret, std::string_view label);
/// In constant time for equal lengths.
bool equal(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);

}  // namespace ping::crypto
