#pragma once

#include "mail/address.hpp"
#include "ping/core/error.hpp"
#include "ping/mail/mailer.hpp"

#include <string>

namespace ping::mail {

/// The RFC 5322 text of `mail`: CRLF only, ASCII only, no line over 998 bytes or beginning with a dot. With
/// `html` it is multipart/alternative. `invalid` when an address, the subject or the message id could break
/// out of its header (T16).
Result<std::string> build_message(const Mail& mail, const Mailbox& from);

/// `Sat, 21 Nov 2026 06:41:00 +0000`.
std::string to_mail_date(Time time);

/// Letters, digits, `.`, `_`, `-`, between 1 and 64 bytes: fit for Message-ID and for the log.
bool is_message_id(std::string_view text);

}  // namespace ping::mail
