#pragma once

#include <string_view>

namespace ping::mail {

// The files of config/mail; embed_templates.cmake writes the definitions.
extern const std::string_view otp_subject;
extern const std::string_view otp_txt;
extern const std::string_view otp_html;

}  // namespace ping::mail
