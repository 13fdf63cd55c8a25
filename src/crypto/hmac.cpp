#include "ping/crypto/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace ping::crypto {
namespace {

/// OpenSSL fails here only without memory or with a broken installation.
void demand(bool is_done, const char* what) {
    if (!is_done) {
        throw std::runtime_error(std::string("OpenSSL cannot do ") + what);
    }
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

struct FreeKdf {
    void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
    void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};

}  // namespace

Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view data) {
    Digest digest{};
    unsigned int length = 0;
    const auto* const done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(data),
                                  data.size(), digest.data(), &length);
    demand(done != nullptr && length == digest.size(), "HMAC-SHA256");
    return digest;
}

Digest sha256(std::string_view data) {
    Digest digest{};
    const int done = EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    demand(done == 1, "SHA-256");
    return digest;
}

Key derive_key(std::string_view secret, std::string_view label) {
    const std::unique_ptr<EVP_KDF, FreeKdf> kdf(EVP_KDF_fetch(nullptr, OSSL_KDF_NAME_HKDF, nullptr));
    demand(kdf != nullptr, "HKDF");
    const std::unique_ptr<EVP_KDF_CTX, FreeKdf> context(EVP_KDF_CTX_new(kdf.get()));
    demand(context != nullptr, "HKDF");
    // The parameters want mutable bytes but are only read.
    std::string digest_name = "SHA256";
    std::string secret_copy(secret);
    std::string label_copy(label);
    const std::array<OSSL_PARAM, 4> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest_name.data(), digest_name.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret_copy.data(), secret_copy.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, label_copy.data(), label_copy.size()),
        OSSL_PARAM_construct_end()};
    Key key{};
    const int done = EVP_KDF_derive(context.get(), key.data(), key.size(), parameters.data());
    OPENSSL_cleanse(secret_copy.data(), secret_copy.size());
    demand(done == 1, "HKDF");
    return key;
}

bool equal(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace ping::crypto
