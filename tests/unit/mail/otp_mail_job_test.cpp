#include "ping/mail/otp_mail_job.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <string>

using namespace ping;
using namespace std::chrono_literals;
using namespace std::string_literals;
using mail::decode_otp_mail;

namespace {

const Time now = from_millis(1'790'000'000'000);

mail::OtpMailJob make_mail() {
    return {"ana@example.com", "123456 is your Ping code", "Your code\n", "<p>Your code</p>", "00ff",
            now + 300s};
}

jobs::Job job_with(std::string body) {
    jobs::Job job;
    job.message_id = "m1";
    job.body = std::move(body);
    job.created_at = now;
    return job;
}

std::string slug_of(const jobs::Job& job) {
    const auto mail = decode_otp_mail(job);
    return mail ? "taken" : mail.error().slug;
}

}  // namespace

TEST_CASE("mail job: what is encoded comes back", "[mail]") {
    const auto job = mail::encode_otp_mail(make_mail(), "m1", now);
    CHECK(job.message_id == "m1");
    CHECK(job.created_at == now);
    CHECK(job.expires_at == now + 300s);
    CHECK(job.headers.at("x-otp-id") == "00ff");
    CHECK(job.headers.at("x-expires-at") == "1790000300000");
    const auto mail = decode_otp_mail(job);
    REQUIRE(mail.has_value());
    CHECK(mail->to == "ana@example.com");
    CHECK(mail->subject == "123456 is your Ping code");
    CHECK(mail->text == "Your code\n");
    CHECK(mail->html == "<p>Your code</p>");
    CHECK(mail->otp_id == "00ff");
    CHECK(mail->expires_at == now + 300s);
}

TEST_CASE("mail job: the body is the family's {to, subject, body}, and headers hold no code", "[mail]") {
    auto mail = make_mail();
    mail.html.clear();
    const auto job = mail::encode_otp_mail(mail, "m1", now);
    const auto body = boost::json::parse(job.body).as_object();
    CHECK(body.size() == 3);
    CHECK(body.at("body") == "Your code\n");
    for (const auto& [name, value] : job.headers) {
        CHECK(value.find("123456") == std::string::npos);
    }
}

TEST_CASE("mail job: jobs of the family's services are read", "[mail]") {
    const auto old = decode_otp_mail(job_with(R"({"to":"a@b.c","subject":"s","body":"t","more":1})"));
    REQUIRE(old.has_value());
    CHECK(old->text == "t");
    CHECK(old->otp_id.empty());
    CHECK(old->expires_at == now + 300s);
    const auto other = decode_otp_mail(job_with(R"({"to":"a@b.c","subject":"s","text":"t2"})"));
    REQUIRE(other.has_value());
    CHECK(other->text == "t2");
    auto with_expiry = job_with(R"({"to":"a@b.c","subject":"s","body":"t"})");
    with_expiry.expires_at = now + 60s;
    CHECK(decode_otp_mail(with_expiry)->expires_at == now + 60s);
}

TEST_CASE("T55: bodies that cannot be read are errors", "[mail]") {
    for (const auto& body :
         {""s, " "s, "{"s, "null"s, "[]"s, "\"x\""s, "42"s, "{}x"s, "\0"s, "\xFF\xFE{}"s,
          R"({"to":"a@b.c","to":"x@y.z","subject":"s","body":"t"})"s,
          "{\"to\":\"a@b.c\",\"subject\":\"\xFF\",\"body\":\"t\"}"s, std::string(5000, '[')}) {
        INFO(body.substr(0, 60));
        CHECK(slug_of(job_with(body)) == "bad_json");
    }
    CHECK(slug_of(job_with(std::string(1024 * 1024, 'x'))) == "too_long");
    CHECK(slug_of(job_with(R"({"to":"a@b.c","subject":"s","body":")" + std::string(1024 * 1024, 'x') +
                           "\"}")) == "too_long");
}

TEST_CASE("T55: fields that are missing or of another type are errors", "[mail]") {
    for (const char* body :
         {"{}", R"({"to":"a@b.c"})", R"({"to":"a@b.c","subject":"s"})", R"({"subject":"s","body":"t"})",
          R"({"to":1,"subject":"s","body":"t"})", R"({"to":["a@b.c"],"subject":"s","body":"t"})",
          R"({"to":{"$ne":null},"subject":"s","body":"t"})", R"({"to":null,"subject":"s","body":"t"})",
          R"({"to":"a@b.c","subject":true,"body":"t"})", R"({"to":"a@b.c","subject":"s","body":{}})",
          R"({"to":"a@b.c","subject":"s","body":""})", R"({"to":"a@b.c","subject":"s","body":"t","html":5})",
          R"({"to":"a@b.c","subject":"","body":"t"})",
          R"({"to":"a@b.c","subject":"a\r\nBcc: x@y","body":"t"})",
          R"({"to":"a@b.c","subject":"a\u0000","body":"t"})"}) {
        INFO(body);
        CHECK(slug_of(job_with(body)) == "bad_fields");
    }
}

TEST_CASE("T55: an address that is not exactly one is an error", "[mail]") {
    for (const char* to : {"", "a", "a@b.c, d@e.f", "a@b.c\\r\\nBcc: x@y.z", "<a@b.c>", "a@b.c\\u0000"}) {
        INFO(to);
        CHECK(slug_of(job_with(R"({"to":")"s + to + R"(","subject":"s","body":"t"})")) == "bad_address");
    }
}

TEST_CASE("T55: headers that are not what they should be are errors", "[mail]") {
    for (const char* text : {"", "x", "12x", "-1", " 12", "1e9", "99999999999999999999", "253402300800000"}) {
        auto job = mail::encode_otp_mail(make_mail(), "m1", now);
        job.headers["x-expires-at"] = text;
        INFO(text);
        CHECK(slug_of(job) == "bad_header");
    }
    auto job = mail::encode_otp_mail(make_mail(), "m1", now);
    job.headers["x-otp-id"] = std::string(65, 'a');
    CHECK(slug_of(job) == "bad_header");
}

TEST_CASE("T19: an error of decoding tells nothing of the content", "[mail]") {
    for (const char* body : {R"({"to":"314159@","subject":"314159","body":"314159"})", R"({"314159)",
                             R"({"to":"a@b.c","subject":"314159","body":["314159"]})"}) {
        const auto mail = decode_otp_mail(job_with(body));
        REQUIRE_FALSE(mail.has_value());
        const auto& error = mail.error();
        CHECK((error.slug + error.message + error.detail).find("314159") == std::string::npos);
    }
}
