#include "integration/mail_flow.hpp"
#include "support/temp_file.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace ping;
using namespace std::chrono_literals;
using test::FakeSmtp;
using test::MailFlow;
using test::SmtpScript;
using At = SmtpScript::At;
using Do = SmtpScript::Do;

namespace {

SmtpScript reply(At at, std::string text, int times) {
    return {at, Do::reply, text + "\r\n", times};
}

std::string ten_thousand_lines() {
    std::string text;
    for (int i = 0; i < 9'999; ++i) {
        text += "250-and more\r\n";
    }
    return text + "250 ok";
}

/// What the server does to one recipient's mail, and what must come of it.
struct Fault {
    std::string to;
    std::optional<SmtpScript> script;
    std::size_t tries;   ///< RCPT commands
    std::size_t copies;  ///< mails that the server kept
    std::string reason;  ///< of the dead letter, if there is one
};

std::vector<Fault> faults() {
    return {
        {"421@x.io", reply(At::rcpt, "421 closing", 1), 2, 1, ""},
        {"450@x.io", reply(At::rcpt, "450 for a minute", 4), 5, 1, ""},
        {"451@x.io", reply(At::dot, "451 after the text", 2), 3, 1, ""},
        {"452@x.io", reply(At::data, "452 for ever", -1), 7, 0, "gave_up"},
        {"550@x.io", reply(At::rcpt, "550 nobody", -1), 1, 0, "refused_550"},
        {"554@x.io", reply(At::dot, "554 spam", -1), 1, 0, "refused_554"},
        {"hang-rcpt@x.io", SmtpScript{At::rcpt, Do::hang, {}, 1}, 2, 1, ""},
        {"hang-data@x.io", SmtpScript{At::data, Do::hang, {}, 1}, 2, 1, ""},
        {"hang-dot@x.io", SmtpScript{At::dot, Do::hang, {}, 1}, 2, 2, ""},
        {"drip@x.io", SmtpScript{At::rcpt, Do::drip, {}, 1}, 2, 1, ""},
        {"drop-rcpt@x.io", SmtpScript{At::rcpt, Do::drop, {}, 1}, 2, 1, ""},
        {"drop-dot@x.io", SmtpScript{At::dot, Do::drop, {}, 1}, 2, 2, ""},
        {"drop-dots@x.io", SmtpScript{At::dot, Do::drop, {}, -1}, 2, 2, "outcome_unknown"},
        {"long@x.io", reply(At::rcpt, ten_thousand_lines(), 1), 1, 1, ""},
        {"ana@x.io", std::nullopt, 1, 1, ""},
    };
}

/// By recipient: the Message-IDs of the mails that the server kept.
std::map<std::string, std::vector<std::string>> kept(const FakeSmtp& server) {
    std::map<std::string, std::vector<std::string>> ids;
    for (const auto& mail : server.mails()) {
        const auto at = mail.data.find("Message-ID: ");
        if (mail.is_kept) {
            ids[mail.to.at(0)].push_back(mail.data.substr(at, mail.data.find('\r', at) - at));
        }
    }
    return ids;
}

}  // namespace

TEST_CASE("F07: whatever the mail server does, mails are sent, retried and doubled as TRUST.md allows",
          "[mail]") {
    FakeSmtp server;
    MailFlow flow(server.url());
    for (const auto& fault : faults()) {
        if (fault.script) {
            server.script(fault.to, *fault.script);
        }
        flow.publish(fault.to);
    }
    flow.publish("late@x.io", 14s);
    flow.drive();

    std::size_t tries = 0;
    std::size_t dead = 0;
    auto copies = kept(server);
    for (const auto& fault : faults()) {
        INFO(fault.to);
        const auto& ids = copies[fault.to];
        CHECK(server.count("RCPT TO:<" + fault.to + ">") == fault.tries);
        CHECK(ids.size() == fault.copies);
        CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == std::min<std::size_t>(ids.size(), 1));
        tries += fault.tries;
        dead += fault.reason.empty() ? 0 : 1;
    }
    CHECK(copies["late@x.io"].empty());
    CHECK(flow.count("expired") == 1);
    CHECK(flow.count("sent") == static_cast<int>(faults().size() - dead));
    CHECK(flow.count("retried") == static_cast<int>(tries - faults().size()));
    const auto reasons = flow.reasons();
    CHECK(std::multiset<std::string>(reasons.begin(), reasons.end()) ==
          std::multiset<std::string>{"gave_up", "outcome_unknown", "refused_550", "refused_554"});
}

TEST_CASE("F07: a mail that is new does not wait behind those that hang again", "[mail]") {
    FakeSmtp server;
    MailFlow flow(server.url());
    for (int i = 0; i < 20; ++i) {
        const auto to = "slow" + std::to_string(i) + "@x.io";
        server.script(to, reply(At::rcpt, "450 later", 1));
        flow.publish(to);
    }
    flow.drive_until([&] { return flow.count("retried") == 20; });
    for (int i = 0; i < 20; ++i) {
        server.script("slow" + std::to_string(i) + "@x.io", {At::dot, Do::hang, {}, -1});
    }
    flow.drive_until([&] { return flow.pump->in_flight() == 4; });
    flow.publish("new@x.io");
    flow.drive_until([&] { return flow.count("sent") == 1; });
    // Sixteen of the others never had their second turn.
    CHECK(server.mails().size() <= 9);
    CHECK(kept(server).count("new@x.io") == 1);
    CHECK(flow.pump->in_flight() <= 4);
}

TEST_CASE("F07: after ten minutes without a mail server what has expired is not sent, what is new is",
          "[mail]") {
    auto gone = std::make_unique<FakeSmtp>();
    const auto port = gone->port();
    MailFlow flow(gone->url());
    gone.reset();
    for (int i = 0; i < 20; ++i) {
        flow.publish("early" + std::to_string(i) + "@x.io");
    }
    const auto end = flow.clock.now() + 590s;
    flow.drive_until([&] { return flow.clock.now() >= end; });
    flow.publish("fresh@x.io");
    flow.drive_until([&] { return flow.clock.now() >= end + 10s; });
    const FakeSmtp server(test::SmtpManners(), port);
    const auto up_since = flow.clock.now();
    flow.drive();
    CHECK(server.mails().size() == 1);
    CHECK(kept(server).count("fresh@x.io") == 1);
    CHECK(flow.count("sent") == 1);
    CHECK(flow.count("dead") + flow.count("expired") == 20);
    CHECK(flow.clock.now() - up_since < 20s);
}

TEST_CASE("F07: a silent banner or a bad certificate delays a mail and does not double it", "[mail]") {
    SECTION("banner") {
        test::SmtpManners manners;
        manners.silent_connections = 2;
        FakeSmtp server(manners);
        MailFlow flow(server.url());
        flow.publish("ana@x.io");
        flow.publish("bo@x.io");
        flow.drive();
        CHECK(server.mails().size() == 2);
        CHECK(flow.count("sent") == 2);
        CHECK(flow.count("retried") == 2);
    }
    SECTION("certificate") {
        const auto right = test::make_certificate("127.0.0.1", true);
        const test::TempFile roots("roots.pem", right.certificate_pem);
        test::SmtpManners manners;
        manners.offer_starttls = true;
        manners.certificate = test::make_certificate("127.0.0.1", true);
        auto wrong = std::make_unique<FakeSmtp>(manners);
        const auto port = wrong->port();
        MailFlow flow(wrong->url("ping:secret@"), roots.path());
        flow.publish("ana@x.io");
        flow.drive_until([&] { return flow.count("retried") == 2; });
        CHECK(wrong->count("MAIL") + wrong->count("AUTH") == 0);
        wrong.reset();
        manners.certificate = right;
        manners.offer_auth = true;
        const FakeSmtp server(manners, port);
        flow.drive();
        CHECK(server.mails().size() == 1);
        CHECK(flow.count("sent") == 1);
    }
}

TEST_CASE("T16: jobs that try to inject commands or headers become one mail each, or none", "[mail]") {
    FakeSmtp server;
    MailFlow flow(server.url());
    const std::string smuggled =
        R"(\n.\r\nMAIL FROM:<evil@x.io>\r\nRCPT TO:<evil@x.io>\r\nDATA\r\nhi\r\n.\r\n)";
    const std::string long_line(60'000, 'x');
    const std::vector<std::string> good{
        R"({"to":"a1@x.io","subject":"s","body":"hi)" + smuggled + R"("})",
        R"({"to":"a2@x.io","subject":"s","body":"hi","html":"<p>)" + smuggled + R"("})",
        R"({"to":"a3@x.io","subject":"s","body":"hi\r\nBcc: evil@x.io\r\n\r\nnul:\u0000"})",
        R"({"to":"a4@x.io","subject":"s","body":")" + long_line + R"("})",
        R"({"to":"a5@x.io","subject":"=?utf-8?q?x=0D=0ABcc:_evil@x.io?=","body":"hi"})",
    };
    const std::vector<std::string> bad{
        R"({"to":"a@x.io\r\nBcc: evil@x.io","subject":"s","body":"hi"})",
        R"({"to":"a@x.io>\r\nRCPT TO:<evil@x.io","subject":"s","body":"hi"})",
        R"({"to":"a@x.io, evil@x.io","subject":"s","body":"hi"})",
        R"({"to":"a@x.io","subject":"s\r\nBcc: evil@x.io","body":"hi"})",
        R"({"to":"a@x.io","subject":"s\nBcc: evil@x.io","body":"hi"})",
        R"({"to":"a@x.io","subject":"s\u0000","body":"hi"})",
        R"({"to":"a@x.io","subject":"s","body":")" + std::string(1'000'000, 'x') + R"("})",
    };
    for (const auto* bodies : {&good, &bad}) {
        for (const auto& body : *bodies) {
            jobs::Job job;
            job.message_id = "job " + std::to_string(++flow.published) + "\r\nBcc: evil@x.io";
            job.body = body;
            job.created_at = flow.clock.now();
            flow.publish(job);
        }
    }
    flow.drive();
    CHECK(flow.count("sent") == static_cast<int>(good.size()));
    CHECK(flow.count("dead") == static_cast<int>(bad.size()));
    CHECK(server.count("MAIL") == good.size());
    CHECK(server.count("RCPT") == good.size());
    CHECK(server.count("DATA") == good.size());
    CHECK(server.count("RCPT TO:<evil") == 0);
    for (const auto& mail : server.mails()) {
        CHECK(mail.data.substr(0, mail.data.find("\r\n\r\n")).find("\r\nBcc") == std::string::npos);
    }
    for (int connection = 1; connection <= server.connections(); ++connection) {
        const auto bytes = server.heard(connection);
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const bool is_lone = (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r')) ||
                                 (bytes[i] == '\r' && (i + 1 == bytes.size() || bytes[i + 1] != '\n'));
            REQUIRE_FALSE(is_lone);
        }
    }
}
