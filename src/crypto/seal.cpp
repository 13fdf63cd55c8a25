#include "ping/crypto/seal.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace ping::crypto {
namespace {

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

/// OpenSSL takes long to look a cipher up by its name: once, and for good.
const EVP_CIPHER* aes_256_gcm() {
    static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    return cipher;
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}
int size_of(std::string_view text) {
    return static_cast<int>(text.size());
}

}  // namespace

std::string seal(const Key& key, std::string_view plain, std::string_view context, Rng& rng) {
    std::string sealed(nonce_bytes + plain.size() + tag_bytes, '\0');
    auto* const nonce = bytes_of(sealed);
    rng.fill(std::span(nonce, nonce_bytes));
    auto* const text = nonce + nonce_bytes;
    auto* const tag = text + plain.size();
    const Cipher cipher(EVP_CIPHER_CTX_new());
    int length = 0;
    const bool is_done =
        cipher != nullptr &&
        EVP_EncryptInit_ex(cipher.get(), aes_256_gcm(), nullptr, key.data(), nonce) == 1 &&
        EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytes_of(context), size_of(context)) == 1 &&
        EVP_EncryptUpdate(cipher.get(), text, &length, bytes_of(plain), size_of(plain)) == 1 &&
        EVP_EncryptFinal_ex(cipher.get(), tag, &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_bytes), tag) == 1;
    if (!is_done) {
        throw std::runtime_error("OpenSSL cannot do AES-256-GCM");
    }
    return sealed;
}

std::optional<std::string> unseal(const Key& key, std::string_view sealed, std::string_view context) {
    if (sealed.size() < nonce_bytes + tag_bytes) {
        return std::nullopt;
    }
    const auto nonce = sealed.substr(0, nonce_bytes);
    const auto text = sealed.substr(nonce_bytes, sealed.size() - nonce_bytes - tag_bytes);
    std::string tag(sealed.substr(sealed.size() - tag_bytes));
    // One byte more: OpenSSL gets a buffer of its own even for an empty text.
    std::string plain(text.size() + 1, '\0');
    const Cipher cipher(EVP_CIPHER_CTX_new());
    int length = 0;
    const bool is_ours =
        cipher != nullptr &&
        EVP_DecryptInit_ex(cipher.get(), aes_256_gcm(), nullptr, key.data(), bytes_of(nonce)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytes_of(context), size_of(context)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), bytes_of(plain), &length, bytes_of(text), size_of(text)) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_bytes), tag.data()) ==
            1 &&
        EVP_DecryptFinal_ex(cipher.get(), bytes_of(plain) + text.size(), &length) == 1;
    if (!is_ours) {
        return std::nullopt;
    }
    plain.resize(text.size());
    return plain;
}

}  // namespace ping::crypto
