#pragma once

#include "mail/smtp_dialog.hpp"
#include "mail/smtp_route.hpp"
#include "ping/core/clock.hpp"
#include "ping/mail/mailer.hpp"

#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string>

namespace ping::mail {

/// A mail that is built and waits for its turn.
struct OutgoingMail {
    std::string to;
    std::string text;
    SendDone done;
    SteadyTime give_up_at;  ///< unless the final dot is out by then
};

/// One connection to the mail server, for one mail after the other. curl makes it (name, TCP, TLS, EHLO,
/// STARTTLS, login), then it is ours to talk on: curl's own SMTP blocks its thread while it waits for the
/// reply to the final dot and to QUIT (curl 7.88, smtp_block_statemach), for all transfers together. Stays at
/// its address. One thread.
class SmtpConnection {
public:
    /// Starts to connect. Both must outlive the connection.
    SmtpConnection(const SmtpRoute& route, CURLM* multi);
    /// Closes at once, with a QUIT that nobody waits for when it is at rest.
    ~SmtpConnection();
    SmtpConnection(const SmtpConnection&) = delete;
    SmtpConnection& operator=(const SmtpConnection&) = delete;

    bool is_busy() const { return mail_.has_value(); }
    /// At rest, not for too long, and the server has not closed it: fit for another mail.
    bool is_fit(SteadyTime now);

    /// Only when not busy.
    void begin(OutgoingMail mail, SteadyTime now);
    /// curl is done connecting.
    void on_connected(CURLcode code);
    /// Sends and receives what goes without waiting. The outcome, when the mail is over.
    std::optional<SendResult> advance(SteadyTime now);
    /// Gives the mail up; the connection is dead.
    SendResult give_up(std::string detail);
    /// Whom to tell the outcome; not busy any more.
    SendDone take_done();

    /// What to poll for; nothing while curl does, or at rest.
    std::optional<curl_waitfd> interest() const;
    /// When `advance` must be called even if nothing came.
    std::optional<SteadyTime> deadline() const;

private:
    enum class Io { progress, stuck, broken };

    bool set_up(const SmtpRoute& route);
    Io send();
    Io receive();
    std::optional<SendResult> step(SteadyTime now);
    /// When the mail is given up, however well it goes.
    SteadyTime end() const;

    const SmtpRoute& route_;
    CURLM* multi_;
    std::unique_ptr<CURL, CurlDelete> handle_;
    curl_socket_t socket_ = CURL_SOCKET_BAD;
    bool is_connected_ = false;
    bool is_dead_ = false;
    std::optional<SendResult> door_;  ///< why we were not let in
    std::optional<OutgoingMail> mail_;
    std::optional<SmtpDialog> dialog_;
    SteadyTime total_deadline_{};
    SteadyTime step_deadline_{};
    SteadyTime rest_since_{};
};

}  // namespace ping::mail
