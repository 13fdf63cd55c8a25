#include "ping/mail/smtp_mailer.hpp"

#include "mail/message.hpp"
#include "mail/smtp_transfer.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace ping::mail {
namespace {

struct MultiDelete {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

SendResult failure(SendStatus status, std::string detail) {
    SendResult result;
    result.status = status;
    result.detail = std::move(detail);
    return result;
}

void init_curl() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace

class SmtpMailer::Impl {
public:
    explicit Impl(SmtpRoute route) : route_(std::move(route)), multi_(curl_multi_init()) {
        if (!multi_) {
            throw std::runtime_error("curl_multi_init failed");
        }
        curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(route_.options.parallel));
    }
    ~Impl() {
        for (const auto& transfer : active_) {
            curl_multi_remove_handle(multi_.get(), transfer->handle());
        }
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void send(Mail mail, SendDone done);
    void wait(int ready_fd, std::chrono::milliseconds timeout);
    void wake() { curl_multi_wakeup(multi_.get()); }
    void abort_all();

private:
    using TransferPtr = std::unique_ptr<SmtpTransfer>;

    void start_waiting();
    /// Lets curl work; how many transfers ended.
    std::size_t drive();
    TransferPtr remove(CURL* handle);

    SmtpRoute route_;
    std::unique_ptr<CURLM, MultiDelete> multi_;
    std::vector<TransferPtr> active_;  ///< curl works on them
    std::deque<TransferPtr> waiting_;
};

void SmtpMailer::Impl::send(Mail mail, SendDone done) {
    auto text = build_message(mail, route_.from);
    if (!text) {
        done(failure(SendStatus::permanent, text.error().message));
        return;
    }
    if (waiting_.size() >= most_waiting) {
        done(failure(SendStatus::temporary, "too many mails at a time"));
        return;
    }
    auto transfer = std::make_unique<SmtpTransfer>(route_, mail.to, std::move(*text), std::move(done));
    if (!transfer->is_ready()) {
        transfer->finish(failure(SendStatus::temporary, "curl refused an option"));
        return;
    }
    waiting_.push_back(std::move(transfer));
    start_waiting();
}

void SmtpMailer::Impl::start_waiting() {
    while (!waiting_.empty() && active_.size() < route_.options.parallel) {
        auto transfer = std::move(waiting_.front());
        waiting_.pop_front();
        const auto code = curl_multi_add_handle(multi_.get(), transfer->handle());
        if (code == CURLM_OK) {
            active_.push_back(std::move(transfer));
        } else {
            transfer->finish(failure(SendStatus::temporary, curl_multi_strerror(code)));
        }
    }
}

void SmtpMailer::Impl::wait(int ready_fd, std::chrono::milliseconds timeout) {
    // Real time, not the injected clock's: this bounds a system call.
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (drive() == 0) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        curl_waitfd ready{ready_fd, CURL_WAIT_POLLIN, 0};
        int events = 0;
        const auto code = curl_multi_poll(multi_.get(), &ready, ready_fd < 0 ? 0 : 1,
                                          static_cast<int>(std::max<std::int64_t>(0, left.count())), &events);
        // No events: the time is over, a timer of curl's is due, or `wake` was called.
        if (code != CURLM_OK || events == 0 || ready.revents != 0 || left.count() <= 0) {
            drive();
            return;
        }
    }
}

std::size_t SmtpMailer::Impl::drive() {
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    std::size_t ended = 0;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        const CURLcode code = message->data.result;
        // Before the handle is removed: the message dies with that.
        const auto transfer = remove(message->easy_handle);
        if (transfer) {
            transfer->finish(transfer->result(code));
        }
        ++ended;
    }
    start_waiting();
    return ended;
}

SmtpMailer::Impl::TransferPtr SmtpMailer::Impl::remove(CURL* handle) {
    curl_multi_remove_handle(multi_.get(), handle);
    const auto found = std::find_if(active_.begin(), active_.end(),
                                    [handle](const auto& transfer) { return transfer->handle() == handle; });
    if (found == active_.end()) {
        return nullptr;
    }
    auto transfer = std::move(*found);
    active_.erase(found);
    return transfer;
}

void SmtpMailer::Impl::abort_all() {
    // Moved out first: a `done` may call `send`.
    const auto active = std::exchange(active_, {});
    const auto waiting = std::exchange(waiting_, {});
    for (const auto& transfer : active) {
        const auto result = transfer->aborted();
        curl_multi_remove_handle(multi_.get(), transfer->handle());
        transfer->finish(result);
    }
    for (const auto& transfer : waiting) {
        transfer->finish(failure(SendStatus::temporary, "given up before it began"));
    }
}

Result<std::unique_ptr<SmtpMailer>> SmtpMailer::make(SmtpOptions options) {
    init_curl();
    auto route = make_route(std::move(options));
    if (!route) {
        return route.error();
    }
    return std::unique_ptr<SmtpMailer>(new SmtpMailer(std::make_unique<Impl>(std::move(*route))));
}

SmtpMailer::SmtpMailer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SmtpMailer::~SmtpMailer() = default;

void SmtpMailer::send(Mail mail, SendDone done) {
    impl_->send(std::move(mail), std::move(done));
}
void SmtpMailer::wait(int ready_fd, std::chrono::milliseconds timeout) {
    impl_->wait(ready_fd, timeout);
}
void SmtpMailer::wake() {
    impl_->wake();
}
void SmtpMailer::abort_all() {
    impl_->abort_all();
}

}  // namespace ping::mail
