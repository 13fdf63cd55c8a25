#include "ping/crypto/secrets.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace ping::crypto {
namespace {

constexpr std::size_t bytes_at_least = 32;
constexpr double bits_at_least = 80;

// What manuals, examples and keyboards offer. Their letters count for nothing.
constexpr std::array<std::string_view, 30> common_words{
    "supersecret", "your-secret", "your_secret", "secret",      "password",    "passwort",
    "passphrase",  "changeme",    "change-me",   "change_me",   "change_this", "change-this",
    "replace",     "example",     "default",     "development", "production",  "jwt",
    "token",       "private",     "insecure",    "qwertyuiop",  "asdfghjkl",   "zxcvbnm",
    "1234567890",  "0123456789",  "letmein",     "admin",       "pingd",       "abcdefghijklmnopqrstuvwxyz"};

std::string without_common_words(std::string_view secret) {
    std::string rest(secret);
    std::ranges::transform(rest, rest.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const auto word : common_words) {
        for (auto at = rest.find(word); at != std::string::npos; at = rest.find(word)) {
            rest.erase(at, word.size());
        }
    }
    return rest;
}

/// Shannon's entropy of the bytes as they are spread in this text, for the whole of it.
double entropy_bits(std::string_view text) {
    std::array<std::size_t, 256> counts{};
    for (const char c : text) {
        ++counts[static_cast<unsigned char>(c)];
    }
    const auto size = static_cast<double>(text.size());
    double bits = 0;
    for (const auto count : counts) {
        if (count > 0) {
            bits += static_cast<double>(count) * std::log2(size / static_cast<double>(count));
        }
    }
    return bits;
}

/// The same piece again and again, as `abcabcabc`.
bool is_repetition(std::string_view text) {
    for (std::size_t period = 1; period <= text.size() / 2; ++period) {
        if (text.substr(period) == text.substr(0, text.size() - period)) {
            return true;
        }
    }
    return false;
}

/// Mostly runs such as `aaaa`, `abcd` or `9876`.
bool is_run(std::string_view text) {
    std::size_t steps = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        steps += std::abs(text[i] - text[i - 1]) <= 1 ? 1 : 0;
    }
    return steps * 2 > text.size();
}

}  // namespace

std::optional<std::string> secret_weakness(std::string_view secret) {
    if (secret.size() < bytes_at_least) {
        return "shorter than 32 bytes";
    }
    if (is_repetition(secret)) {
        return "a repetition of a shorter text";
    }
    if (is_run(secret)) {
        return "mostly a run of neighbouring characters";
    }
    const auto rest = without_common_words(secret);
    if (entropy_bits(rest) < bits_at_least) {
        return rest.size() < secret.size() ? "made of well-known words"
                                           : "made of too few different characters";
    }
    return std::nullopt;
}

}  // namespace ping::crypto
