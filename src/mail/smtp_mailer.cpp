#include "ping/mail/smtp_mailer.hpp"

#include "mail/message.hpp"
#include "mail/smtp_connection.hpp"
#include "mail/smtp_route.hpp"

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

/// Real time, not the injected clock's: it bounds what goes over the network.
SteadyTime real_now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

class SmtpMailer::Impl {
public:
    explicit Impl(SmtpRoute route) : route_(std::move(route)), multi_(curl_multi_init()) {
        if (!multi_) {
            throw std::runtime_error("curl_multi_init failed");
        }
    }

    void send(Mail mail, SendDone done);
    void wait(int ready_fd, std::chrono::milliseconds timeout);
    void wake() { curl_multi_wakeup(multi_.get()); }
    void abort_all();

private:
    using ConnectionPtr = std::unique_ptr<SmtpConnection>;

    /// Lets everything go on that can; how many mails ended.
    std::size_t drive();
    void read_curl_messages();
    void start_waiting(SteadyTime now);
    SmtpConnection* free_connection(SteadyTime now);
    void drop_unfit(SteadyTime now);
    /// One turn of waiting; true when `wait` is over.
    bool poll(int ready_fd, SteadyTime deadline);

    SmtpRoute route_;
    std::unique_ptr<CURLM, MultiDelete> multi_;
    std::vector<ConnectionPtr> connections_;
    std::deque<OutgoingMail> waiting_;
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
    const auto now = real_now();
    // No mail is given more time than that; another service's may say that it has until the end of time.
    const auto give_up_at = now + std::min<std::chrono::milliseconds>(mail.time_left, route_.options.total);
    waiting_.push_back({std::move(mail.to), std::move(*text), std::move(done), give_up_at});
    start_waiting(now);
}

void SmtpMailer::Impl::start_waiting(SteadyTime now) {
    while (!waiting_.empty()) {
        auto* const connection = free_connection(now);
        if (connection == nullptr) {
            return;
        }
        connection->begin(std::move(waiting_.front()), now);
        waiting_.pop_front();
    }
}

SmtpConnection* SmtpMailer::Impl::free_connection(SteadyTime now) {
    drop_unfit(now);
    const auto fit = std::find_if(connections_.begin(), connections_.end(),
                                  [](const auto& connection) { return !connection->is_busy(); });
    if (fit != connections_.end()) {
        return fit->get();
    }
    if (connections_.size() >= route_.options.parallel) {
        return nullptr;
    }
    connections_.push_back(std::make_unique<SmtpConnection>(route_, multi_.get()));
    return connections_.back().get();
}

void SmtpMailer::Impl::drop_unfit(SteadyTime now) {
    std::erase_if(connections_, [now](const auto& connection) {
        return !connection->is_busy() && !connection->is_fit(now);
    });
}

void SmtpMailer::Impl::wait(int ready_fd, std::chrono::milliseconds timeout) {
    const auto deadline = real_now() + timeout;
    while (drive() == 0) {
        if (poll(ready_fd, deadline)) {
            drive();
            return;
        }
    }
}

bool SmtpMailer::Impl::poll(int ready_fd, SteadyTime deadline) {
    std::vector<curl_waitfd> watched;
    if (ready_fd >= 0) {
        watched.push_back({ready_fd, CURL_WAIT_POLLIN, 0});
    }
    auto until = deadline;
    for (const auto& connection : connections_) {
        if (const auto interest = connection->interest()) {
            watched.push_back(*interest);
        }
        until = std::min(until, connection->deadline().value_or(until));
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - real_now()).count();
    int events = 0;
    const auto code = curl_multi_poll(multi_.get(), watched.data(), static_cast<unsigned>(watched.size()),
                                      static_cast<int>(std::max<std::int64_t>(0, left)), &events);
    // No events: time is over, a timer of curl's is due, or `wake` was called.
    return code != CURLM_OK || events == 0 || (ready_fd >= 0 && watched.front().revents != 0) ||
           real_now() >= deadline;
}

std::size_t SmtpMailer::Impl::drive() {
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    read_curl_messages();
    // Told at the end: a `done` may call `send`, which changes the connections.
    std::vector<std::pair<SendDone, SendResult>> ended;
    const auto now = real_now();
    for (const auto& connection : connections_) {
        if (auto result = connection->advance(now)) {
            ended.emplace_back(connection->take_done(), std::move(*result));
        }
    }
    drop_unfit(now);
    start_waiting(now);
    for (auto& [done, result] : ended) {
        done(std::move(result));
    }
    return ended.size();
}

void SmtpMailer::Impl::read_curl_messages() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        void* connection = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &connection);
        if (message->msg == CURLMSG_DONE && connection != nullptr) {
            static_cast<SmtpConnection*>(connection)->on_connected(message->data.result);
        }
    }
}

void SmtpMailer::Impl::abort_all() {
    // Moved out first: a `done` may call `send`.
    const auto connections = std::exchange(connections_, {});
    const auto waiting = std::exchange(waiting_, {});
    for (const auto& connection : connections) {
        if (connection->is_busy()) {
            const auto result = connection->give_up("given up");
            connection->take_done()(result);
        }
    }
    for (const auto& mail : waiting) {
        mail.done(failure(SendStatus::temporary, "given up before it began"));
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
