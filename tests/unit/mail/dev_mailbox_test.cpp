#include "ping/mail/dev_mailbox.hpp"

#include "support/fake_clock.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace ping;
using namespace std::chrono_literals;

namespace {

mail::Mail make_mail(const std::string& subject) {
    mail::Mail mail;
    mail.message_id = "m1";
    mail.to = "ana@example.com";
    mail.subject = subject;
    mail.text = "text";
    mail.html = "<p>text</p>";
    return mail;
}

struct Fixture {
    test::FakeClock clock;
    std::vector<std::string> lines;
    mail::DevMailbox mailbox{clock, [this](const std::string& line) { lines.push_back(line); }};
    int done = 0;
    void send(const std::string& subject) {
        mailbox.send(make_mail(subject), [this](const mail::SendResult& result) {
            done += result.status == mail::SendStatus::sent ? 1 : 0;
        });
    }
};

}  // namespace

TEST_CASE("dev mailbox: keeps a mail and prints its code to the terminal", "[mail]") {
    Fixture f;
    f.send("123456 is your Ping code");
    CHECK(f.done == 1);
    REQUIRE(f.lines.size() == 1);
    CHECK(f.lines[0].find("ana@example.com: 123456 is your Ping code") != std::string::npos);
    const auto mails = f.mailbox.messages();
    REQUIRE(mails.size() == 1);
    CHECK(mails[0].to == "ana@example.com");
    CHECK(mails[0].text == "text");
    CHECK(mails[0].html == "<p>text</p>");
    CHECK(mails[0].sent_at == f.clock.now());
}

TEST_CASE("dev mailbox: shows the newest first and keeps the newest 200", "[mail]") {
    Fixture f;
    for (int i = 0; i < 250; ++i) {
        f.send(std::to_string(i));
    }
    const auto mails = f.mailbox.messages();
    REQUIRE(mails.size() == mail::DevMailbox::most_mails);
    CHECK(mails.front().subject == "249");
    CHECK(mails.back().subject == "50");
}

TEST_CASE("dev mailbox: a mail cannot steer the terminal", "[mail]") {
    Fixture f;
    f.send("\x1B[2J\r\ncode");
    CHECK(f.lines[0].find_first_of("\x1B\r\n") == std::string::npos);
}

TEST_CASE("dev mailbox: a wait ends by wake, by a readable descriptor and by its timeout", "[mail]") {
    Fixture f;
    f.mailbox.wake();
    f.mailbox.wait(-1, 1h);  // would hang if the wake were lost
    std::jthread waker([&f] { f.mailbox.wake(); });
    f.mailbox.wait(-1, 1h);
    const int fd = ::eventfd(1, EFD_CLOEXEC);
    f.mailbox.wait(fd, 1h);
    ::close(fd);
    f.mailbox.wait(-1, 0ms);
}
