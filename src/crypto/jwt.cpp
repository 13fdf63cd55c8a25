#include "ping/crypto/jwt.hpp"

#include "ping/core/json.hpp"
#include "ping/crypto/base64url.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace ping::crypto {
namespace {

constexpr std::string_view issuer = "ping";
constexpr std::string_view token_type = "ping+jwt";
constexpr std::size_t token_bytes = 1024;  // ours have about 320
constexpr std::size_t kid_bytes = 32;
constexpr std::int64_t clock_skew_seconds = 60;
constexpr std::int64_t last_second = 253'402'300'799;  // of the year 9999

std::string_view view_of(const Digest& digest) {
    return std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size());
}

struct Parts {
    std::string_view signed_text;  // header.claims
    std::string_view header;
    std::string_view claims;
    std::string_view mac;
};

std::optional<Parts> split(std::string_view token) {
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    if (token.size() > token_bytes || first == std::string_view::npos || first == last ||
        token.find('.', first + 1) != last) {
        return std::nullopt;
    }
    return Parts{token.substr(0, last), token.substr(0, first), token.substr(first + 1, last - first - 1),
                 token.substr(last + 1)};
}

std::optional<boost::json::object> read_object(std::string_view base64) {
    const auto text = base64url_decode(base64);
    if (!text) {
        return std::nullopt;
    }
    auto value = json::parse(*text, json::Limits{.depth = 1, .keys = 16, .string_bytes = token_bytes});
    if (!value || !value->is_object()) {
        return std::nullopt;
    }
    return std::move(value->get_object());
}

bool has_text(const boost::json::object& object, std::string_view name, std::string_view text) {
    const auto* const value = object.if_contains(name);
    return value != nullptr && value->is_string() && value->get_string() == text;
}

/// The key that the header names. A header with anything but our three members is not ours: so no `jwk`,
/// `jku`, `x5u` or `crit` is ever looked at.
const Key* find_key(const boost::json::object& header, const std::vector<JwtKey>& keys) {
    if (header.size() != 3 || !has_text(header, "alg", "HS256") || !has_text(header, "typ", token_type)) {
        return nullptr;
    }
    const auto* const kid = header.if_contains("kid");
    if (kid == nullptr || !kid->is_string() || kid->get_string().size() > kid_bytes) {
        return nullptr;
    }
    const auto found = std::ranges::find_if(
        keys, [&](const JwtKey& key) { return kid->get_string() == std::string_view(key.id); });
    return found == keys.end() ? nullptr : &found->key;
}

bool is_mac_of(const Parts& parts, const Key& key) {
    const auto mac = base64url_decode(parts.mac);
    const auto expected = hmac_sha256(key, parts.signed_text);
    return mac && equal(std::span(reinterpret_cast<const std::uint8_t*>(mac->data()), mac->size()), expected);
}

std::optional<Identity> read_claims(const boost::json::object& claims, Time now) {
    json::Reader reader(claims);
    const auto user = reader.id<UserId>("sub");
    const auto session = reader.id<SessionId>("sid");
    const auto issued_at = reader.integer("iat", 0, last_second);
    const auto expires_at = reader.integer("exp", 0, last_second);
    if (!reader.finish() || !has_text(claims, "iss", issuer) || !has_text(claims, "aud", issuer)) {
        return std::nullopt;
    }
    const auto expiry = from_millis(expires_at * 1000);
    if (expiry <= now || from_millis((issued_at - clock_skew_seconds) * 1000) > now) {
        return std::nullopt;
    }
    return Identity{user, session, expiry};
}

std::optional<Identity> check(std::string_view token, const std::vector<JwtKey>& keys, Time now) {
    const auto parts = split(token);
    if (!parts) {
        return std::nullopt;
    }
    const auto header = read_object(parts->header);
    const auto* const key = header ? find_key(*header, keys) : nullptr;
    if (key == nullptr || !is_mac_of(*parts, *key)) {
        return std::nullopt;
    }
    const auto claims = read_object(parts->claims);
    return claims ? read_claims(*claims, now) : std::nullopt;
}

}  // namespace

Jwt::Jwt(std::vector<JwtKey> keys) : keys_(std::move(keys)) {}

std::string Jwt::sign(const Identity& identity, Time issued_at) const {
    const auto& key = keys_.front();
    const boost::json::object header{{"alg", "HS256"}, {"typ", token_type}, {"kid", key.id}};
    const boost::json::object claims{{"iss", issuer},
                                     {"aud", issuer},
                                     {"sub", identity.user.to_string()},
                                     {"sid", identity.session.to_string()},
                                     {"iat", to_millis(issued_at) / 1000},
                                     {"exp", to_millis(identity.expires_at) / 1000}};
    auto token = base64url_encode(boost::json::serialize(header)) + '.' +
                 base64url_encode(boost::json::serialize(claims));
    const auto mac = hmac_sha256(key.key, token);
    token += '.';
    token += base64url_encode(view_of(mac));
    return token;
}

Result<Identity> Jwt::verify(std::string_view token, Time now) const {
    const auto identity = check(token, keys_, now);
    if (!identity) {
        return errors::unauthenticated("Please Login - JWT error");
    }
    return *identity;
}

}  // namespace ping::crypto
