#include "support/test_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <functional>
#include <memory>
#include <stdexcept>

namespace ping::test {
namespace {

constexpr long day_seconds = 24L * 3600;

void check(bool is_good) {
    if (!is_good) {
        throw std::runtime_error("make_certificate: OpenSSL failed");
    }
}

std::string to_pem(const std::function<int(BIO*)>& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
    check(out && write(out.get()) == 1);
    BUF_MEM* memory = nullptr;
    BIO_get_mem_ptr(out.get(), &memory);
    return {memory->data, memory->length};
}

void add_host(X509* certificate, const std::string& host, bool is_ip) {
    const std::string value = (is_ip ? "IP:" : "DNS:") + host;
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, value.c_str()), &X509_EXTENSION_free);
    check(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

}  // namespace

TestCertificate make_certificate(const std::string& host, bool is_ip) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> owner(X509_new(), &X509_free);
    check(key && owner);
    X509* const certificate = owner.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -day_seconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate), day_seconds);
    X509_set_pubkey(certificate, key.get());
    X509_NAME* const name = X509_get_subject_name(certificate);
    static constexpr unsigned char common_name[] = "ping test";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    add_host(certificate, host, is_ip);
    check(X509_sign(certificate, key.get(), EVP_sha256()) > 0);
    TestCertificate made;
    made.certificate_pem = to_pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
    made.key_pem = to_pem([&](BIO* out) {
        return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return made;
}

}  // namespace ping::test
