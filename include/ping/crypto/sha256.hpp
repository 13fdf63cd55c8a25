#pragma once

#include "ping/crypto/hmac.hpp"

#include <memory>
#include <string_view>

struct evp_md_ctx_st;

namespace ping::crypto {

/// SHA-256 (FIPS 180-4) of what comes in pieces.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::string_view bytes);
    /// Once, after the last piece.
    Digest finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace ping::crypto
