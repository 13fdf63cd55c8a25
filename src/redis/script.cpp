#include "ping/redis/script.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ping::redis {
namespace {

/// Redis' name of a script: its SHA-1 in hex. Nothing secret hangs on it.
std::string hash_of(std::string_view text) {
    constexpr std::size_t sha1_bytes = 20;
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, sha1_bytes> digest{};
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL cannot do SHA-1");
    }
    std::string hex;
    for (const unsigned byte : digest) {
        hex.push_back(digits[byte >> 4U]);
        hex.push_back(digits[byte & 0xfU]);
    }
    return hex;
}

}  // namespace

Script::Script(std::string text) : text_(std::move(text)), hash_(hash_of(text_)) {}

Command Script::make_command(std::string_view name, std::string_view what,
                             std::span<const std::string_view> keys,
                             std::span<const std::string_view> arguments) const {
    const auto key_count = std::to_string(keys.size());
    std::vector<std::string_view> all{name, what, key_count};
    all.insert(all.end(), keys.begin(), keys.end());
    all.insert(all.end(), arguments.begin(), arguments.end());
    return Command(all);
}

Task<Result<Reply>> Script::run(Client& client, std::span<const std::string_view> keys,
                                std::span<const std::string_view> arguments) {
    auto by_hash = make_command("EVALSHA", hash_, keys, arguments);
    auto reply = co_await client.call(std::move(by_hash));
    if (is_text_on_its_way_ && reply && reply->is_error("NOSCRIPT")) {
        auto behind_it = make_command("EVALSHA", hash_, keys, arguments);
        reply = co_await client.call(std::move(behind_it));
    }
    if (reply && reply->is_error("NOSCRIPT")) {
        is_text_on_its_way_ = true;
        auto by_text = make_command("EVAL", text_, keys, arguments);
        reply = co_await client.call(std::move(by_text));
        is_text_on_its_way_ = false;
    }
    if (reply && reply->is_error()) {
        co_return to_error(*reply);
    }
    co_return reply;
}

}  // namespace ping::redis
