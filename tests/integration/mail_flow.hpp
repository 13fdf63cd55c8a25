#pragma once

#include "mail/mail_pump.hpp"
#include "ping/jobs/sqlite/job_queue.hpp"
#include "ping/mail/otp_mail_job.hpp"
#include "ping/mail/smtp_mailer.hpp"
#include "ping/storage/sqlite/schema.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_rng.hpp"
#include "support/fake_smtp.hpp"
#include "support/run_all.hpp"
#include "support/temp_dir.hpp"

#include <boost/json/parse.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ping::test {

/// The way of a mail from its queue to the mail server, on the test's thread: SQLite's queue, the pump, the
/// SMTP mailer. Time is the test's, but for the network's deadlines, which are short.
class MailFlow {
public:
    explicit MailFlow(const std::string& url, const std::string& ca_file = {}) {
        mail::SmtpOptions options;
        options.url = url;
        options.from = "Ping <ping@example.com>";
        options.ca_file = ca_file;
        options.connect = options.reply = options.dot_reply = std::chrono::seconds(1);
        options.total = std::chrono::seconds(2);
        mailer = valid(mail::SmtpMailer::make(options));
        sqlite::DatabaseOptions file;
        file.file = folder.path() / "ping.db";
        database = valid(sqlite::Database::open(loop, file, storage::schema(), metrics));
        queue = valid(
            jobs::SqliteJobQueue::open(*database, clock, rng, crypto::KeyRing{{7}}, {.name = "send-otp"}));
        const mail::MailWorkerParts parts{*queue, *mailer, clock, rng, metrics};
        pump = std::make_unique<mail::MailPump>(parts, nullptr, mail::MailWorkerOptions());
    }
    ~MailFlow() { pump->abandon(); }
    MailFlow(const MailFlow&) = delete;
    MailFlow& operator=(const MailFlow&) = delete;

    void publish(const std::string& to, std::chrono::seconds life = std::chrono::seconds(300)) {
        mail::OtpMailJob mail;
        mail.to = to;
        mail.subject = "314159 is your Ping code";
        mail.text = "314159";
        mail.expires_at = clock.now() + life;
        publish(mail::encode_otp_mail(mail, "job-" + std::to_string(++published), clock.now()));
    }
    void publish(const jobs::Job& job) {
        valid(run(loop, [&] { return queue->publish(job); }));
    }
    /// Takes turns until `is_done()`. Time goes on only while no mail is under way.
    template <class Predicate>
    void drive_until(Predicate is_done) {
        for (int turn = 0; !is_done(); ++turn) {
            if (turn > 5'000) {
                throw std::runtime_error("drive_until: not done\n" + metrics.to_text());
            }
            if (pump->in_flight() == 0) {
                clock.advance(std::chrono::milliseconds(250));
                mailer->wake();
            }
            pump->turn();
        }
    }
    /// Until every mail that was published has come to its end.
    void drive() {
        drive_until([this] { return ended() == published; });
    }
    /// `sent`, `retried`, `expired` or `dead`.
    int count(const std::string& what) const {
        const auto text = metrics.to_text();
        const std::string line = "\nping_mail_" + what + "_total ";
        const auto at = text.find(line);
        return at == std::string::npos ? -1 : std::stoi(text.substr(at + line.size()));
    }
    int ended() const { return count("sent") + count("dead") + count("expired"); }
    /// The dead letters' reasons, in their order.
    std::vector<std::string> reasons() {
        using Texts = std::vector<std::string>;
        return valid(run(loop, [this] {
            return database->read<Texts>([](sqlite::Connection& connection) -> Result<Texts> {
                auto query = connection.prepare("SELECT redacted FROM dead_jobs ORDER BY number");
                Texts texts;
                while (query.step()) {
                    texts.emplace_back(boost::json::parse(query.text(0)).at("reason").as_string());
                }
                return texts;
            });
        }));
    }

    FakeClock clock;
    FakeRng rng;
    Metrics metrics;
    Loop loop{clock};
    TempDir folder;
    std::unique_ptr<sqlite::Database> database;
    std::unique_ptr<jobs::SqliteJobQueue> queue;
    std::unique_ptr<mail::SmtpMailer> mailer;
    std::unique_ptr<mail::MailPump> pump;
    int published = 0;

private:
    template <class T>
    static T valid(Result<T> result) {
        if (!result) {
            throw std::runtime_error(result.error().message + " " + result.error().detail);
        }
        if constexpr (!std::is_void_v<T>) {
            return std::move(*result);
        }
    }
};

}  // namespace ping::test
