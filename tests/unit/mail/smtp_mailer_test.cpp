#include "unit/mail/smtp_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <thread>

using namespace ping;
using namespace std::chrono_literals;
using namespace std::string_literals;
using mail::SendStatus;
using test::FakeSmtp;
using test::SmtpFixture;
using test::SmtpScript;

namespace {

SmtpScript reply(SmtpScript::At at, std::string text) {
    SmtpScript script;
    script.at = at;
    script.reply = std::move(text);
    return script;
}

SmtpScript act(SmtpScript::At at, SmtpScript::Do what) {
    SmtpScript script;
    script.at = at;
    script.act = what;
    return script;
}

mail::SmtpOptions impatient() {
    mail::SmtpOptions options;
    options.connect = 300ms;
    options.total = 500ms;
    return options;
}

}  // namespace

TEST_CASE("smtp: a mail arrives as it was built", "[mail][smtp]") {
    FakeSmtp server;
    SmtpFixture f(server);
    const auto result = f.send_and_wait("ana@example.org");
    CHECK(result.status == SendStatus::sent);
    CHECK(result.reply_code == 250);
    REQUIRE(server.mails().size() == 1);
    const auto mail = server.mails()[0];
    CHECK(mail.from == "ping@example.com");
    CHECK(mail.to == std::vector<std::string>{"ana@example.org"});
    CHECK(mail.data.find("Message-ID: <job-1@example.com>\r\n") != std::string::npos);
    CHECK(mail.data.ends_with("\r\n\r\nYour code is 123456\r\n"));
}

TEST_CASE("smtp: mails that follow each other use one connection", "[mail][smtp]") {
    FakeSmtp server;
    SmtpFixture f(server);
    for (int i = 0; i < 5; ++i) {
        CHECK(f.send_and_wait("ana@example.org").status == SendStatus::sent);
    }
    CHECK(server.connections() == 1);
    CHECK(server.count("MAIL") == 5);
}

TEST_CASE("smtp: a 4xx is temporary, a 5xx permanent, wherever it comes", "[mail][smtp]") {
    FakeSmtp server;
    server.script("421@x.io", reply(SmtpScript::At::rcpt, "421 closing\r\n"));
    server.script("450@x.io", reply(SmtpScript::At::rcpt, "450 later\r\n"));
    server.script("451@x.io", reply(SmtpScript::At::dot, "451 later\r\n"));
    server.script("452@x.io", reply(SmtpScript::At::data, "452 later\r\n"));
    server.script("550@x.io", reply(SmtpScript::At::rcpt, "550 nobody\r\n"));
    server.script("552@x.io", reply(SmtpScript::At::dot, "552 too much\r\n"));
    server.script("554@x.io", reply(SmtpScript::At::data, "554 no\r\n"));
    SmtpFixture f(server);
    for (const int code : {421, 450, 451, 452, 550, 552, 554}) {
        const auto result = f.send_and_wait(std::to_string(code) + "@x.io");
        INFO(code);
        CHECK(result.status == (code < 500 ? SendStatus::temporary : SendStatus::permanent));
        CHECK(result.reply_code == code);
        CHECK(result.reached);
        CHECK(result.detail.find("x.io") == std::string::npos);
    }
    CHECK(f.send_and_wait("ana@example.org").status == SendStatus::sent);
}

TEST_CASE("smtp: a connection that breaks after the final dot leaves the outcome unknown", "[mail][smtp]") {
    FakeSmtp server;
    server.script("drop@x.io", act(SmtpScript::At::dot, SmtpScript::Do::drop));
    server.script("hang@x.io", act(SmtpScript::At::dot, SmtpScript::Do::hang));
    SmtpFixture f(server, impatient());
    CHECK(f.send_and_wait("drop@x.io").status == SendStatus::unknown);
    CHECK(f.send_and_wait("hang@x.io").status == SendStatus::unknown);
    CHECK(server.mails().size() == 2);
}

TEST_CASE("smtp: one that breaks before is temporary", "[mail][smtp]") {
    FakeSmtp server;
    server.script("drop-rcpt@x.io", act(SmtpScript::At::rcpt, SmtpScript::Do::drop));
    server.script("drop-data@x.io", act(SmtpScript::At::data, SmtpScript::Do::drop));
    server.script("hang-rcpt@x.io", act(SmtpScript::At::rcpt, SmtpScript::Do::hang));
    server.script("hang-data@x.io", act(SmtpScript::At::data, SmtpScript::Do::hang));
    SmtpFixture f(server, impatient());
    for (const char* to : {"drop-rcpt@x.io", "drop-data@x.io", "hang-rcpt@x.io", "hang-data@x.io"}) {
        INFO(to);
        CHECK(f.send_and_wait(to).status == SendStatus::temporary);
    }
    CHECK(server.mails().empty());
}

TEST_CASE("smtp: a server that is silent, absent or unwilling counts as not reached", "[mail][smtp]") {
    test::SmtpManners silent;
    silent.silent_connections = 9;
    FakeSmtp server(silent);
    SmtpFixture hanging(server, impatient());
    const auto no_banner = hanging.send_and_wait("ana@example.org");
    CHECK(no_banner.status == SendStatus::temporary);
    CHECK_FALSE(no_banner.reached);

    std::string url;
    {
        FakeSmtp gone;
        url = gone.url();
    }
    mail::SmtpOptions options;
    options.url = url;
    SmtpFixture absent(server, options);
    const auto refused = absent.send_and_wait("ana@example.org");
    CHECK(refused.status == SendStatus::temporary);
    CHECK_FALSE(refused.reached);

    test::SmtpManners unwilling;
    unwilling.banner = "554 no service\r\n";
    FakeSmtp closed(unwilling);
    SmtpFixture f(closed);
    CHECK(f.send_and_wait("ana@example.org").status == SendStatus::temporary);
}

TEST_CASE("smtp: a reply of ten thousand lines does no harm", "[mail][smtp]") {
    std::string text;
    for (int i = 0; i < 9'999; ++i) {
        text += "250-and more\r\n";
    }
    FakeSmtp server;
    server.script("long@x.io", reply(SmtpScript::At::rcpt, text + "250 ok\r\n"));
    SmtpFixture f(server);
    CHECK(f.send_and_wait("long@x.io").status == SendStatus::sent);
}

TEST_CASE("T16: whatever a mail says, the server hears one MAIL, one RCPT and one DATA", "[mail][smtp]") {
    const std::string texts[] = {"x\r\nBcc: evil@example.com\r\n",
                                 "x\n.\r\nMAIL FROM:<evil@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n",
                                 "x\r\n.\r\nMAIL FROM:<evil@x>\r\n",
                                 "x\r.\rMAIL FROM:<evil@x>\r",
                                 "x\n.\nMAIL FROM:<evil@x>\n",
                                 "\r\n.\r\n",
                                 ".",
                                 "..\r\n.",
                                 "a\0b"s,
                                 std::string(1'000'000, 'x'),
                                 std::string(1'000'000, '.')};
    for (const auto& text : texts) {
        FakeSmtp server;
        SmtpFixture f(server);
        REQUIRE(f.send_and_wait("ana@example.org", text).status == SendStatus::sent);
        CHECK(server.count("MAIL") == 1);
        CHECK(server.count("RCPT") == 1);
        CHECK(server.count("DATA") == 1);
        REQUIRE(server.mails().size() == 1);
        auto data = server.mails()[0].data;
        CHECK(data.find('\0') == std::string::npos);
        CHECK(data.find("\r\n.") == std::string::npos);
        while (data.find("\r\n") != std::string::npos) {
            const auto line = data.substr(0, data.find("\r\n"));
            REQUIRE(line.size() <= 998);
            REQUIRE(line.find_first_of("\r\n") == std::string::npos);
            data.erase(0, line.size() + 2);
        }
    }
}

TEST_CASE("T16: an address or subject with a line end reaches no server", "[mail][smtp]") {
    FakeSmtp server;
    SmtpFixture f(server);
    f.send("a@b.c>\r\nRCPT TO:<evil@x.io");
    mail::Mail mail;
    mail.message_id = "m";
    mail.to = "ana@example.org";
    mail.subject = "x\r\nBcc: evil@x.io";
    f.mailer->send(mail, [&f](const mail::SendResult& result) { f.results.push_back(result); });
    REQUIRE(f.results.size() == 2);
    CHECK(f.results[0].status == SendStatus::permanent);
    CHECK(f.results[1].status == SendStatus::permanent);
    CHECK(server.connections() == 0);
}

TEST_CASE("smtp: no more than `parallel` transfers run at a time, and the rest waits its turn",
          "[mail][smtp]") {
    FakeSmtp server;
    mail::SmtpOptions options;
    options.parallel = 2;
    SmtpFixture f(server, options);
    for (int i = 0; i < 10; ++i) {
        f.send("ana@example.org");
    }
    f.drive(10);
    CHECK(server.mails().size() == 10);
    CHECK(server.connections() <= 2);
}

TEST_CASE("smtp: what waits is bounded", "[mail][smtp]") {
    FakeSmtp server;
    mail::SmtpOptions options;
    options.parallel = 1;
    SmtpFixture f(server, options);
    for (std::size_t i = 0; i < mail::SmtpMailer::most_waiting + 2; ++i) {
        f.send("ana@example.org");
    }
    REQUIRE(f.results.size() == 1);
    CHECK(f.results[0].status == SendStatus::temporary);
    f.mailer->abort_all();
}

TEST_CASE("smtp: abort_all ends everything at once", "[mail][smtp]") {
    FakeSmtp server;
    server.script("hang@x.io", act(SmtpScript::At::dot, SmtpScript::Do::hang));
    mail::SmtpOptions options;
    options.parallel = 1;
    SmtpFixture f(server, options);
    f.send("hang@x.io");
    f.send("ana@example.org");
    std::jthread waker([&] {
        server.wait_for_hang();
        f.mailer->wake();
    });
    f.mailer->wait(-1, 10s);
    waker.join();
    f.mailer->abort_all();
    REQUIRE(f.results.size() == 2);
    CHECK(f.results[0].status == SendStatus::unknown);
    CHECK(f.results[1].status == SendStatus::temporary);
    f.mailer->wait(-1, 0ms);
    CHECK(f.results.size() == 2);
}

TEST_CASE("smtp: unfit settings are refused, and the message holds no password", "[mail][smtp]") {
    const auto refused = [](const std::string& url, const std::string& from, const std::string& ca_file) {
        mail::SmtpOptions options;
        options.url = url;
        options.from = from;
        options.ca_file = ca_file;
        const auto made = mail::SmtpMailer::make(options);
        return made ? "" : made.error().message;
    };
    CHECK(refused("smtp://u:p@mail.example.com:587", "Ping <ping@example.com>", "").empty());
    for (const char* url :
         {"", "mail.example.com", "http://u:hunter2@x", "smtp://", "smtp://u:hunter2@x:99999"}) {
        const auto message = refused(url, "ping@example.com", "");
        INFO(url);
        CHECK(message.find("mail.smtp_url") == 0);
        CHECK(message.find("hunter2") == std::string::npos);
    }
    CHECK(refused("smtp://x", "nobody", "").find("mail.from") == 0);
    CHECK(refused("smtp://x", "ping@example.com", "/nowhere.pem").find("mail.ca_file") == 0);
}

TEST_CASE("smtp: a server that hangs holds up no other mail", "[mail][smtp]") {
    FakeSmtp server;
    server.script("hang@x.io", act(SmtpScript::At::dot, SmtpScript::Do::hang));
    SmtpFixture f(server);
    f.send("hang@x.io");
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 5; ++i) {
        CHECK(f.send_and_wait("ana@example.org").status == SendStatus::sent);
    }
    // Its own dot must be out before the outcome can be unknown.
    while (server.mails().size() < 6 && std::chrono::steady_clock::now() - begin < 5s) {
        f.mailer->wait(-1, 10ms);
    }
    f.mailer->abort_all();
    CHECK(std::chrono::steady_clock::now() - begin < 5s);  // far below the 30 s that the first one may wait
    REQUIRE(f.results.size() == 6);
    CHECK(f.results.back().status == SendStatus::unknown);
}

TEST_CASE("smtp: a connection the server closed at rest costs no mail", "[mail][smtp]") {
    auto first = std::make_unique<FakeSmtp>();
    mail::SmtpOptions options;
    options.url = first->url();
    SmtpFixture f(*first, options);
    CHECK(f.send_and_wait("ana@example.org").status == SendStatus::sent);
    const auto port = first->port();
    first.reset();
    FakeSmtp second(test::SmtpManners(), port);
    CHECK(f.send_and_wait("ana@example.org").status == SendStatus::sent);
    CHECK(second.mails().size() == 1);
}

TEST_CASE("smtp: a mail that is good until the end of time is sent like any other", "[mail][smtp]") {
    FakeSmtp server;
    SmtpFixture f(server);
    mail::Mail mail;
    mail.message_id = "m";
    mail.to = "ana@x.io";
    mail.subject = "s";
    mail.text = "t";
    mail.time_left = from_millis(253'402'300'799'999).time_since_epoch();  // the largest that a job may say
    f.mailer->send(mail, [&f](const mail::SendResult& result) { f.results.push_back(result); });
    f.drive(1);
    CHECK(f.results[0].status == SendStatus::sent);
    CHECK(server.mails().size() == 1);
}

TEST_CASE("T8: a mail whose code dies under way is not handed over any more", "[mail][smtp]") {
    FakeSmtp server;
    server.script("hang@x.io", act(SmtpScript::At::data, SmtpScript::Do::hang));
    mail::SmtpOptions patient;
    patient.reply = patient.total = 1h;
    SmtpFixture f(server, patient);
    mail::Mail mail;
    mail.message_id = "m";
    mail.to = "hang@x.io";
    mail.subject = "s";
    mail.text = "t";
    mail.time_left = 200ms;
    f.mailer->send(mail, [&f](const mail::SendResult& result) { f.results.push_back(result); });
    f.drive(1);
    CHECK(f.results[0].status == SendStatus::temporary);
    CHECK(server.mails().empty());
}
