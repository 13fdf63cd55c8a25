#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"
#include "ping/jobs/job_queue.hpp"

#include <string>

namespace ping::mail {

/// The queue's name, as in the services of the family.
inline constexpr const char* otp_queue = "send-otp";

/// A job of the queue `send-otp`. On the wire its body is the family's `{to, subject, body}` and, when there
/// is one, `html`; the rest travels in the headers `x-otp-id` and `x-expires-at` (Unix milliseconds).
struct OtpMailJob {
    std::string to;  ///< the normalised address, which is also the code's subject in the OtpStore
    std::string subject;
    std::string text;
    std::string html;    ///< may be empty
    std::string otp_id;  ///< empty in jobs of the family's other services
    Time expires_at;     ///< when the code dies
};

jobs::Job encode_otp_mail(const OtpMailJob& mail, std::string message_id, Time now);

/// Checks a job that anyone on the broker may have written (T55). A job without headers lives 300 s from its
/// creation; `text` is read where `body` is missing. Errors are `invalid`; slug (too_long, bad_json,
/// bad_fields, bad_address, bad_header) and message tell nothing of the content.
Result<OtpMailJob> decode_otp_mail(const jobs::Job& job);

}  // namespace ping::mail
