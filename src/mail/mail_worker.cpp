#include "ping/mail/mail_worker.hpp"

#include "mail/mail_pump.hpp"
#include "ping/core/exception_text.hpp"
#include "ping/core/log.hpp"

#include <utility>

namespace ping::mail {
namespace {

/// Between two tries of a turn that threw: so a lasting fault costs a log line a second, not a processor.
constexpr std::chrono::milliseconds failure_pause{1'000};

}  // namespace

MailWorker::MailWorker(const MailWorkerParts& parts, AskCurrentOtps ask_current,
                       const MailWorkerOptions& options)
    : mailer_(parts.mailer),
      clock_(parts.clock),
      drain_(options.drain),
      pump_(std::make_unique<MailPump>(parts, std::move(ask_current), options)) {}

MailWorker::~MailWorker() {
    stop();
}

void MailWorker::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void MailWorker::stop() {
    if (!thread_.joinable()) {
        return;
    }
    thread_.request_stop();
    poke();
    thread_.join();
}

void MailWorker::poke() {
    {
        const std::scoped_lock lock(mutex_);
        is_poked_ = true;
    }
    poked_.notify_all();
    mailer_.wake();
}

void MailWorker::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (!guarded(&MailPump::turn)) {
            pause(stop);
        }
    }
    drain();
}

void MailWorker::drain() {
    const auto deadline = clock_.steady_now() + drain_;
    while (pump_->in_flight() > 0 && clock_.steady_now() < deadline) {
        if (!guarded(&MailPump::drain_turn)) {
            break;
        }
    }
    guarded(&MailPump::abandon);
}

/// False when `step` threw.
bool MailWorker::guarded(void (MailPump::*step)()) {
    try {
        ((*pump_).*step)();
        return true;
    } catch (...) {
        log::error("mail.worker_failed", {{"error", exception_text()}});
        return false;
    }
}

void MailWorker::pause(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    poked_.wait_for(lock, stop, failure_pause, [this] { return is_poked_; });
    is_poked_ = false;
}

}  // namespace ping::mail
