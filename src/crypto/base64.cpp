#include "ping/crypto/base64.hpp"

#include "ping/crypto/base64url.hpp"

#include <array>
#include <cstdint>

namespace ping::crypto {
namespace {

constexpr std::uint8_t no_digit = 0xFF;

/// The 64 digits of one of RFC 4648's alphabets, and the way back.
struct Alphabet {
    constexpr explicit Alphabet(std::string_view letters_in) : letters(letters_in) {
        digits.fill(no_digit);
        for (std::size_t i = 0; i < letters.size(); ++i) {
            digits[static_cast<unsigned char>(letters[i])] = static_cast<std::uint8_t>(i);
        }
    }
    std::string_view letters;
    std::array<std::uint8_t, 256> digits{};
};

constexpr Alphabet standard("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
constexpr Alphabet for_urls("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

std::string encode(std::string_view bytes, const Alphabet& alphabet) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char byte : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(byte);
        count += 8;
        while (count >= 6) {
            count -= 6;
            text.push_back(alphabet.letters[(bits >> count) & 63U]);
        }
    }
    if (count > 0) {
        text.push_back(alphabet.letters[(bits << (6 - count)) & 63U]);
    }
    return text;
}

std::optional<std::string> decode(std::string_view text, const Alphabet& alphabet) {
    if (text.size() % 4 == 1) {
        return std::nullopt;
    }
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const auto digit = alphabet.digits[static_cast<unsigned char>(c)];
        if (digit == no_digit) {
            return std::nullopt;
        }
        bits = (bits << 6U) | digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<char>((bits >> count) & 0xFFU));
        }
    }
    const auto leftover = bits & ((1U << count) - 1U);
    if (leftover != 0) {
        return std::nullopt;
    }
    return bytes;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
    auto text = encode(bytes, standard);
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) {
        text.remove_suffix(1);
    }
    return decode(text, standard);
}

std::string base64url_encode(std::string_view bytes) {
    return encode(bytes, for_urls);
}

std::optional<std::string> base64url_decode(std::string_view text) {
    return decode(text, for_urls);
}

}  // namespace ping::crypto
