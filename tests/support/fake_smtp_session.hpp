#pragma once

#include "support/fake_smtp.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>

namespace ping::test {

/// One connection of the FakeSmtp: owns the TLS state, not the descriptor.
class FakeSmtpSession {
public:
    FakeSmtpSession(FakeSmtp& server, int fd, int number) : server_(server), fd_(fd), number_(number) {}
    void run();

private:
    struct SslDelete {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };

    bool start_tls();
    bool write(const std::string& text);
    /// More bytes into buffer_; false at the end of the connection.
    bool fill();
    /// Up to and without `end`, which is taken away too.
    std::optional<std::string> read_until(const std::string& end);
    /// False ends the session.
    bool obey(const std::string& line);
    bool obey_auth(const std::string& line);
    bool obey_rcpt(const std::string& line);
    bool obey_data();
    bool follow(const SmtpScript& script);
    bool drip();
    std::string greeting() const;

    FakeSmtp& server_;
    int fd_;
    int number_;
    std::unique_ptr<SSL_CTX, SslDelete> context_;
    std::unique_ptr<SSL, SslDelete> ssl_;
    std::string buffer_;
    FakeSmtp::Mail mail_;
};

}  // namespace ping::test
