#include "ping/auth/otp.hpp"

#include "ping/crypto/hmac.hpp"

#include <algorithm>
#include <utility>

namespace ping::auth {
namespace {

constexpr std::size_t code_length = 6;
constexpr std::uint32_t code_count = 1'000'000;
constexpr std::size_t id_bytes = 16;

void append_field(std::string& text, std::string_view field) {
    const auto size = static_cast<std::uint32_t>(field.size());
    for (int shift = 24; shift >= 0; shift -= 8) {
        text.push_back(static_cast<char>(size >> static_cast<unsigned>(shift)));
    }
    text.append(field);
}

ephemeral::OtpMac compute_mac(const crypto::Key& key, OtpPurpose purpose, std::string_view subject,
                              std::string_view id, const ephemeral::OtpNonce& nonce, std::string_view code) {
    std::string text;
    append_field(text, "otp1");
    append_field(text, purpose == OtpPurpose::email_login ? "email" : "");
    append_field(text, subject);
    append_field(text, id);
    append_field(text, std::string(nonce.begin(), nonce.end()));
    append_field(text, code);
    return crypto::hmac_sha256(key, text);
}

}  // namespace

OtpCodes::OtpCodes(std::vector<crypto::JwtKey> keys, Rng& rng)
    : keys_(std::make_shared<const std::vector<crypto::JwtKey>>(std::move(keys))), rng_(rng) {}

NewOtp OtpCodes::make(OtpPurpose purpose, std::string_view subject) {
    const auto& newest = keys_->front();
    NewOtp otp;
    const auto digits = std::to_string(crypto::uniform(rng_, code_count));
    otp.code = std::string(code_length - digits.size(), '0') + digits;
    otp.id = crypto::random_hex(rng_, id_bytes);
    otp.key_id = newest.id;
    rng_.fill(otp.nonce);
    otp.mac = compute_mac(newest.key, purpose, subject, otp.id, otp.nonce, otp.code);
    return otp;
}

ephemeral::OtpMatcher OtpCodes::matcher(OtpPurpose purpose, std::string subject, std::string code) const {
    return [keys = keys_, purpose, subject = std::move(subject),
            code = std::move(code)](const ephemeral::OtpChallenge& challenge) {
        const auto known = std::ranges::find(*keys, challenge.key_id, &crypto::JwtKey::id);
        const bool is_known = known != keys->end();
        const auto& key = is_known ? known->key : keys->front().key;
        const auto mac = compute_mac(key, purpose, subject, challenge.id, challenge.nonce, code);
        return crypto::equal(mac, challenge.mac) && is_known;
    };
}

bool OtpCodes::is_code(std::string_view text) {
    return text.size() == code_length &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace ping::auth
