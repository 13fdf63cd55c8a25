#include "ping/app/worker.hpp"

#include "app/adapters.hpp"
#include "app/mail_questions.hpp"
#include "app/parts.hpp"
#include "app/process.hpp"
#include "ping/app/service_manager.hpp"
#include "ping/core/exception_text.hpp"
#include "ping/core/log.hpp"
#include "ping/ephemeral/redis/mail_marks.hpp"
#include "ping/ephemeral/redis/otp_store.hpp"
#include "ping/mail/otp_mail_job.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <iostream>
#include <thread>
#include <utility>

namespace ping::app {
namespace {

/// What a worker is made of, in the order of dependence.
class Worker {
public:
    Worker(Base& base, std::unique_ptr<redis::Client> redis, std::unique_ptr<jobs::JobEngine> jobs,
           std::unique_ptr<mail::Mailer> mailer)
        : base_(base),
          redis_(std::move(redis)),
          jobs_(std::move(jobs)),
          mailer_(std::move(mailer)),
          marks_(*redis_, base.externals.rng),
          mail_({*jobs_, *mailer_, base.externals.clock, base.externals.rng, base.metrics, &claims_},
                make_ask_current(base, codes_),
                mail_worker_options(base.config, hash_key(base.config), codes_)) {}

    /// Until SIGTERM or SIGINT.
    void run() {
        boost::asio::signal_set signals(base_.loop.context(), SIGTERM, SIGINT);
        signals.async_wait([this](const boost::system::error_code& error, int) {
            if (!error) {
                begin_stop();
                spawn_stop();
            }
        });
        redis_->start();
        mail_.start();
        base_.loop.run();
    }

private:
    static crypto::Key hash_key(const Config& config) {
        return crypto::derive_secrets(config.auth.secret, {}).jobs.front();
    }

    void spawn_stop() {
        boost::asio::co_spawn(
            base_.loop.executor(), [this] { return stop(); },
            [this](const std::exception_ptr& failure) {
                if (failure) {
                    log::error("app.stop_failed", {{"what", exception_text(failure)}});
                }
                base_.loop.stop();
            });
    }

    /// The mail thread may wait for the loop, so the loop cannot wait for it: a helper thread joins it.
    Task<> stop() {
        log::info("app.stopping");
        const std::jthread joiner([this] {
            mail_.stop();
            base_.loop.post([this] { mail_ended_.set(); });
        });
        co_await mail_ended_.wait();
        redis_->stop();
        co_await base_.tasks.join();
        log::info("app.stopped");
    }

    Base& base_;
    AsyncEvent mail_ended_{base_.loop};
    std::unique_ptr<redis::Client> redis_;
    std::unique_ptr<jobs::JobEngine> jobs_;
    std::unique_ptr<mail::Mailer> mailer_;
    ephemeral::RedisOtpStore codes_{*redis_};
    ephemeral::RedisMailMarks marks_;
    LoopClaims claims_{base_, marks_};
    mail::MailWorker mail_;
};

Result<std::unique_ptr<Worker>> make_worker(Base& base) {
    auto redis = make_redis(base);
    if (!redis) {
        return redis.error();
    }
    auto mailer = make_mailer(base);
    if (!mailer) {
        return mailer.error();
    }
    auto jobs = make_rabbit_jobs(base);
    if (!jobs) {
        return jobs.error();
    }
    return std::make_unique<Worker>(base, std::move(*redis), std::move(*jobs), std::move(mailer->mailer));
}

}  // namespace

Result<void> check_worker_config(const Config& config) {
    if (config.jobs.engine != "rabbitmq") {
        return errors::invalid(
            "a worker takes its jobs from RabbitMQ: set jobs.engine and rabbitmq.url. The queue in SQLite "
            "belongs to the one server that has the file, which sends its mails itself.");
    }
    if (config.codes.engine != "redis") {
        return errors::invalid(
            "a worker must see which codes were replaced by newer ones, and the codes in SQLite only their "
            "server sees: set codes.engine = \"redis\" and redis.url, here and at the servers.");
    }
    if (config.mail.smtp_url.empty()) {
        return errors::invalid("a worker sends by SMTP: set mail.smtp_url.");
    }
    if (config.auth.secret.empty()) {
        return errors::invalid(
            "a worker needs auth.secret, the same as the servers and the other workers: its dead letters "
            "tell "
            "addresses apart by a hash that is made with it.");
    }
    return ok();
}

int work(const Config& config) {
    if (const auto prepared = prepare_process(); !prepared) {
        return fail_to_start(prepared.error());
    }
    SystemSources sources;
    Base base(config, {sources.clock, sources.rng, sources.ids, [](const std::string&) {}});
    auto worker = make_worker(base);
    if (!worker) {
        return fail_to_start(worker.error());
    }
    std::cout << "pingd " << PING_VERSION << "  worker of the queue " << mail::otp_queue << std::endl;
    notify_service_manager("READY=1");
    (*worker)->run();
    worker->reset();  // what is not done goes back to the queue
    log::flush();
    return 0;
}

}  // namespace ping::app
