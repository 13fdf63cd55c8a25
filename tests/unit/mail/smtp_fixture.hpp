#pragma once

#include "ping/mail/smtp_mailer.hpp"
#include "support/fake_smtp.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ping::test {

/// A mailer that sends to a fake server, driven by the test's thread.
class SmtpFixture {
public:
    SmtpFixture(const FakeSmtp& server, mail::SmtpOptions options) {
        if (options.url.empty()) {
            options.url = server.url();
        }
        if (options.from.empty()) {
            options.from = "Ping <ping@example.com>";
        }
        auto made = mail::SmtpMailer::make(std::move(options));
        REQUIRE(made.has_value());
        mailer = std::move(*made);
    }
    explicit SmtpFixture(const FakeSmtp& server) : SmtpFixture(server, mail::SmtpOptions()) {}

    void send(const std::string& to, const std::string& text = "Your code is 123456\n") {
        mail::Mail mail;
        mail.message_id = "job-" + std::to_string(++sent);
        mail.to = to;
        mail.subject = "123456 is your Ping code";
        mail.text = text;
        mail.created_at = from_millis(1'790'000'000'000);
        mailer->send(std::move(mail),
                     [this](mail::SendResult result) { results.push_back(std::move(result)); });
    }
    /// Until `count` results are there.
    void drive(std::size_t count) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (results.size() < count && std::chrono::steady_clock::now() < deadline) {
            mailer->wait(-1, std::chrono::milliseconds(100));
        }
        REQUIRE(results.size() == count);
    }
    mail::SendResult send_and_wait(const std::string& to, const std::string& text = "Your code is 123456\n") {
        const auto before = results.size();
        send(to, text);
        drive(before + 1);
        return results.back();
    }

    std::unique_ptr<mail::SmtpMailer> mailer;
    std::vector<mail::SendResult> results;
    int sent = 0;
};

}  // namespace ping::test
