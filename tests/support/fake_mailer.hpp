#pragma once

#include "ping/mail/mailer.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace ping::test {

/// A mailer that does what its script says: each mail gets the next result, `sent` when the script is over.
/// With `hold`, mails stay in flight until `release` or `abort_all`.
class FakeMailer final : public mail::Mailer {
public:
    void script(std::vector<mail::SendResult> results) {
        const std::scoped_lock lock(mutex_);
        results_.assign(results.begin(), results.end());
    }
    void hold() {
        const std::scoped_lock lock(mutex_);
        is_holding_ = true;
    }
    /// What is in flight ends as scripted at the next `wait`.
    void release() {
        const std::scoped_lock lock(mutex_);
        is_holding_ = false;
        is_awake_ = true;
        awake_.notify_all();
    }
    std::vector<mail::Mail> sent() const {
        const std::scoped_lock lock(mutex_);
        return mails_;
    }
    std::chrono::milliseconds last_timeout() const {
        const std::scoped_lock lock(mutex_);
        return last_timeout_;
    }
    int last_fd() const {
        const std::scoped_lock lock(mutex_);
        return last_fd_;
    }
    /// Without it `wait` returns at once: the caller drives the turns.
    void set_blocking(bool is_blocking) {
        const std::scoped_lock lock(mutex_);
        is_blocking_ = is_blocking;
    }

    void send(mail::Mail mail, mail::SendDone done) override {
        const std::scoped_lock lock(mutex_);
        mails_.push_back(std::move(mail));
        in_flight_.push_back(std::move(done));
    }
    void wait(int ready_fd, std::chrono::milliseconds timeout) override {
        std::unique_lock lock(mutex_);
        last_fd_ = ready_fd;
        last_timeout_ = timeout;
        if (is_blocking_ && (is_holding_ || in_flight_.empty())) {
            awake_.wait_for(lock, timeout, [this] { return is_awake_; });
        }
        is_awake_ = false;
        if (is_holding_) {
            return;
        }
        end_all(lock, [this] {
            auto result = mail::SendResult();
            if (!results_.empty()) {
                result = results_.front();
                results_.pop_front();
            }
            return result;
        });
    }
    void wake() override {
        const std::scoped_lock lock(mutex_);
        is_awake_ = true;
        awake_.notify_all();
    }
    void abort_all() override {
        std::unique_lock lock(mutex_);
        end_all(lock, [] {
            auto result = mail::SendResult();
            result.status = mail::SendStatus::temporary;
            return result;
        });
    }

private:
    void end_all(std::unique_lock<std::mutex>& lock, const std::function<mail::SendResult()>& next) {
        for (auto& done : std::exchange(in_flight_, {})) {
            const auto result = next();
            lock.unlock();
            done(result);
            lock.lock();
        }
    }

    mutable std::mutex mutex_;
    std::condition_variable awake_;
    std::deque<mail::SendResult> results_;
    std::vector<mail::Mail> mails_;
    std::vector<mail::SendDone> in_flight_;
    std::chrono::milliseconds last_timeout_{0};
    int last_fd_ = -1;
    bool is_holding_ = false;
    bool is_awake_ = false;
    bool is_blocking_ = false;
};

}  // namespace ping::test
