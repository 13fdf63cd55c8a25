#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace ping::mail {

/// One mail to one person. `to` is a checked addr-spec (no CR, LF, angle brackets); `subject` has no CR or
/// LF.
struct Mail {
    std::string message_id;  ///< the job's; becomes Message-ID, so that a repeated mail can be recognised
    std::string to;
    std::string subject;
    std::string text;
    std::string html;  ///< may be empty
    Time created_at;
    /// Not handed over by then, it is given up as `temporary`: a code that is dead is of no use to its
    /// reader.
    std::chrono::milliseconds time_left = std::chrono::hours(1);
};

/// What became of a transfer (TRUST.md §4.2).
enum class SendStatus {
    sent,       ///< the server took it
    temporary,  ///< 4xx, network, TLS: try again
    permanent,  ///< 5xx: never try again
    unknown,    ///< the connection broke after the final dot: the server may have it
};

struct SendResult {
    SendStatus status = SendStatus::sent;
    int reply_code = 0;  ///< SMTP's last reply, 0 when there was none
    std::string detail;  ///< for the log: no address, no text
    bool reached =
        true;  ///< false: no server let us in (name, connect, TLS, login): the breaker counts these
};

using SendDone = std::function<void(SendResult)>;

/// Sends mail. All calls but `wake` are made by the one mail thread.
class Mailer {
public:
    virtual ~Mailer() = default;
    /// Starts a transfer. `done` is called once, from within `send` or a later `wait`.
    virtual void send(Mail mail, SendDone done) = 0;
    /// Drives the transfers until something happened, `ready_fd` (-1: none) is readable, `wake` was called or
    /// `timeout` is over.
    virtual void wait(int ready_fd, std::chrono::milliseconds timeout) = 0;
    /// Makes a `wait` return at once. Any thread.
    virtual void wake() = 0;
    /// Gives up all transfers; their `done` is called with `temporary` (or `unknown` after the final dot).
    virtual void abort_all() = 0;
};

}  // namespace ping::mail
