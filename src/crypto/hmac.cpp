#include "ping/crypto/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
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

struct FreeMac {
    void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMac>;

MacContext make_hmac_context() {
    const std::unique_ptr<EVP_MAC, FreeMac> mac(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
    demand(mac != nullptr, "HMAC");
    MacContext context(EVP_MAC_CTX_new(mac.get()));
    demand(context != nullptr, "HMAC");
    std::string digest_name = "SHA256";
    const std::array<OSSL_PARAM, 2> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name.data(), digest_name.size()),
        OSSL_PARAM_construct_end()};
    demand(EVP_MAC_CTX_set_params(context.get(), parameters.data()) == 1, "HMAC-SHA256");
    return context;
}

struct FreeKdf {
    void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
    void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};

}  // namespace

Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view data) {
    // OpenSSL takes longer to look the algorithm up by its name than to run it: once per thread.
    thread_local const MacContext context = make_hmac_context();
    Digest digest{};
    std::size_t length = 0;
    const bool is_done = !key.empty() &&  // without a key it would use the last one
                         EVP_MAC_init(context.get(), key.data(), key.size(), nullptr) == 1 &&
                         EVP_MAC_update(context.get(), bytes_of(data), data.size()) == 1 &&
                         EVP_MAC_final(context.get(), digest.data(), &length, digest.size()) == 1;
    demand(is_done && length == digest.size(), "HMAC-SHA256");
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
