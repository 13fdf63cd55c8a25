#pragma once

#include "ping/core/clock.hpp"
#include "ping/mail/dev_mailbox.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ping::app {

/// The mailbox of development as a page without scripts: newest first, codes large and taken by one click,
/// new mails by themselves within 3 s. It wants `mailbox_style` at /dev/mailbox.css.
std::string render_mailbox_page(const std::vector<mail::StoredMail>& mails, Time now);

extern const std::string_view mailbox_style;

}  // namespace ping::app
