#include "ping/crypto/sha256.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace ping::crypto {
namespace {

/// OpenSSL fails here only without memory or with a broken installation.
void demand(bool is_done) {
    if (!is_done) {
        throw std::runtime_error("OpenSSL cannot do SHA-256");
    }
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    demand(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
    demand(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

Digest Sha256::finish() {
    Digest digest{};
    unsigned int length = 0;
    demand(EVP_DigestFinal_ex(context_.get(), digest.data(), &length) == 1 && length == digest.size());
    return digest;
}

}  // namespace ping::crypto
