#include "app/adapters.hpp"

#include "ping/jobs/rabbitmq/job_queue.hpp"
#include "ping/mail/otp_mail_job.hpp"
#include "ping/mail/smtp_mailer.hpp"

namespace ping::app {

Result<ChosenMailer> make_mailer(const Base& base) {
    const auto& mail = base.config.mail;
    ChosenMailer chosen;
    if (mail.smtp_url.empty()) {
        auto mailbox = std::make_unique<mail::DevMailbox>(base.externals.clock, base.externals.print);
        chosen.dev_mailbox = mailbox.get();
        chosen.mailer = std::move(mailbox);
        return chosen;
    }
    mail::SmtpOptions options;
    options.url = mail.smtp_url;
    options.from = mail.from;
    options.ca_file = mail.ca_file;
    options.parallel = static_cast<std::size_t>(mail.workers);
    auto smtp = mail::SmtpMailer::make(std::move(options));
    if (!smtp) {
        return smtp.error();
    }
    chosen.mailer = std::move(*smtp);
    return chosen;
}

Result<std::unique_ptr<redis::Client>> make_redis(Base& base) {
    const auto& config = base.config;
    if (config.codes.engine != "redis") {
        return std::unique_ptr<redis::Client>();
    }
    auto options = redis::parse_url(config.redis.url);
    if (!options) {
        return errors::invalid("redis.url " + options.error().message, options.error().slug);
    }
    options->ca_file = config.redis.ca_file;
    return redis::Client::make(base.loop, base.tasks, base.externals.rng, std::move(*options), base.metrics);
}

Result<std::unique_ptr<jobs::JobEngine>> make_rabbit_jobs(Base& base) {
    jobs::RabbitQueueOptions options;
    options.url = base.config.rabbitmq.url;
    options.ca_file = base.config.rabbitmq.ca_file;
    options.name = mail::otp_queue;
    auto queue = jobs::RabbitJobQueue::open(base.loop, base.externals.clock, base.externals.rng, base.metrics,
                                            std::move(options));
    if (!queue) {
        return queue.error();
    }
    return std::unique_ptr<jobs::JobEngine>(std::move(*queue));
}

}  // namespace ping::app
