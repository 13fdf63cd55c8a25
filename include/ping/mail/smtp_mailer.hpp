#pragma once

#include "ping/core/error.hpp"
#include "ping/mail/mailer.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace ping::mail {

struct SmtpOptions {
    std::string url;           ///< smtp://user:pass@host:587 or smtps://...; user and password %-encoded
    std::string from;          ///< `Ping <ping@example.com>` or a bare address
    std::string ca_file;       ///< PEM file of trusted roots beside the system's; may be empty
    std::size_t parallel = 8;  ///< transfers at a time
    /// Connect, banner, TLS and login together (5 s + 10 s of TRUST.md §4.2): curl has one timer for them,
    /// and a server may well make strangers wait 6 s for its banner.
    std::chrono::milliseconds connect{15'000};
    std::chrono::milliseconds reply{10'000};      ///< each command and its reply
    std::chrono::milliseconds dot_reply{30'000};  ///< the reply to the final dot
    std::chrono::milliseconds total{45'000};      ///< a whole mail, connecting included
};

/// Sends by SMTP and reuses connections; nothing in it blocks but `wait`. libcurl connects, does TLS and logs
/// in; `smtp://` demands STARTTLS, except to loopback without a user; certificates are checked always. A 5xx
/// to MAIL, RCPT, DATA or the final dot is `permanent`; a refused login or TLS is the set-up's fault and
/// `temporary`; a connection that broke, or a timeout, after the final dot is `unknown`. The deadlines are
/// real time.
class SmtpMailer final : public Mailer {
public:
    /// `send` beyond `parallel` waits inside, up to this many; more are refused with `temporary`.
    static constexpr std::size_t most_waiting = 64;

    /// `invalid` when the URL, the sender or the CA file is unfit; the message names the config key and holds
    /// no password.
    static Result<std::unique_ptr<SmtpMailer>> make(SmtpOptions options);
    ~SmtpMailer() override;

    void send(Mail mail, SendDone done) override;
    void wait(int ready_fd, std::chrono::milliseconds timeout) override;
    void wake() override;
    void abort_all() override;

private:
    class Impl;
    explicit SmtpMailer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace ping::mail
