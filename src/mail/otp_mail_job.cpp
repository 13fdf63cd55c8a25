#include "ping/mail/otp_mail_job.hpp"

#include "mail/address.hpp"
#include "mail/encoding.hpp"
#include "ping/core/json.hpp"

#include <boost/json/serialize.hpp>

#include <charconv>
#include <chrono>

namespace ping::mail {
namespace {

constexpr std::size_t most_body_bytes = 64 * 1024;
constexpr std::size_t most_subject_bytes = 512;
constexpr std::size_t most_otp_id_bytes = 64;
constexpr std::int64_t most_millis = 253'402'300'799'999;  // the end of year 9999
constexpr std::chrono::seconds legacy_lifetime{300};

constexpr const char* otp_id_header = "x-otp-id";
constexpr const char* expires_header = "x-expires-at";

Result<Time> expiry_of(const jobs::Job& job) {
    const auto header = job.headers.find(expires_header);
    if (header == job.headers.end()) {
        return job.expires_at.value_or(job.created_at + legacy_lifetime);
    }
    const std::string& text = header->second;
    std::int64_t millis = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), millis);
    if (error != std::errc() || end != text.data() + text.size() || millis < 0 || millis > most_millis) {
        return errors::invalid("x-expires-at is not a time in milliseconds", "bad_header");
    }
    return from_millis(millis);
}

Result<std::string> otp_id_of(const jobs::Job& job) {
    const auto header = job.headers.find(otp_id_header);
    if (header == job.headers.end()) {
        return std::string();
    }
    if (header->second.size() > most_otp_id_bytes || has_controls(header->second)) {
        return errors::invalid("x-otp-id is not an id", "bad_header");
    }
    return header->second;
}

Result<OtpMailJob> decode_body(const std::string& body) {
    if (body.size() > most_body_bytes) {
        return errors::invalid("the body is too long", "too_long");
    }
    const auto parsed = json::parse(body);
    if (!parsed) {
        return errors::invalid("the body is not JSON", "bad_json");
    }
    if (!parsed->is_object()) {
        return errors::invalid("the body is not an object", "bad_json");
    }
    const auto& object = parsed->get_object();
    json::Reader reader(object);
    OtpMailJob mail;
    mail.to = reader.string("to");
    mail.subject = reader.string("subject");
    mail.text = reader.string(object.contains("body") ? "body" : "text");
    mail.html = reader.optional_string("html").value_or("");
    if (!reader.finish() || mail.text.empty()) {
        return errors::invalid("a field is missing or of the wrong type", "bad_fields");
    }
    if (!is_address(mail.to)) {
        return errors::invalid("'to' is not one address", "bad_address");
    }
    if (mail.subject.empty() || mail.subject.size() > most_subject_bytes || has_controls(mail.subject)) {
        return errors::invalid("'subject' is empty, too long or not one line", "bad_fields");
    }
    return mail;
}

}  // namespace

jobs::Job encode_otp_mail(const OtpMailJob& mail, std::string message_id, Time now) {
    boost::json::object body;
    body["to"] = mail.to;
    body["subject"] = mail.subject;
    body["body"] = mail.text;
    if (!mail.html.empty()) {
        body["html"] = mail.html;
    }
    jobs::Job job;
    job.message_id = std::move(message_id);
    job.body = boost::json::serialize(body);
    job.headers[expires_header] = std::to_string(to_millis(mail.expires_at));
    if (!mail.otp_id.empty()) {
        job.headers[otp_id_header] = mail.otp_id;
    }
    job.created_at = now;
    job.expires_at = mail.expires_at;
    return job;
}

Result<OtpMailJob> decode_otp_mail(const jobs::Job& job) {
    auto mail = decode_body(job.body);
    if (!mail) {
        return mail.error();
    }
    const auto expires_at = expiry_of(job);
    if (!expires_at) {
        return expires_at.error();
    }
    auto otp_id = otp_id_of(job);
    if (!otp_id) {
        return otp_id.error();
    }
    mail->expires_at = *expires_at;
    mail->otp_id = std::move(*otp_id);
    return mail;
}

}  // namespace ping::mail
