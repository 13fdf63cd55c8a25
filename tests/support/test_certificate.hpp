#pragma once

#include <string>

namespace ping::test {

struct TestCertificate {
    std::string certificate_pem;
    std::string key_pem;
};

/// A self-signed certificate for `host`, valid from yesterday to tomorrow, with a fresh P-256 key. `host` is
/// a name or, with `is_ip`, an address. Throws std::runtime_error when OpenSSL cannot.
TestCertificate make_certificate(const std::string& host, bool is_ip);

}  // namespace ping::test
