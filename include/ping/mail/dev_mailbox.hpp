#pragma once

#include "ping/core/clock.hpp"
#include "ping/mail/mailer.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace ping::mail {

/// A mail that stayed on this machine.
struct StoredMail {
    std::string to;
    std::string subject;
    std::string text;
    std::string html;  ///< may be empty
    Time sent_at;
};

/// The mailer of development: keeps the newest mails in memory for the page /dev/mailbox and shows each one's
/// subject, which holds the code, on the terminal. Nothing leaves the machine, nothing goes to the log.
class DevMailbox final : public Mailer {
public:
    static constexpr std::size_t most_mails = 200;

    /// `print` gets one line without its end; it runs on the mail thread. Throws std::system_error when the
    /// system has no descriptor left.
    DevMailbox(const Clock& clock, std::function<void(const std::string& line)> print);
    ~DevMailbox() override;
    DevMailbox(const DevMailbox&) = delete;
    DevMailbox& operator=(const DevMailbox&) = delete;

    /// Newest first. Any thread.
    std::vector<StoredMail> messages() const;

    void send(Mail mail, SendDone done) override;
    void wait(int ready_fd, std::chrono::milliseconds timeout) override;
    void wake() override;
    void abort_all() override {}

private:
    const Clock& clock_;
    std::function<void(const std::string&)> print_;
    int wake_fd_;
    mutable std::mutex mutex_;
    std::deque<StoredMail> mails_;  ///< guarded by mutex_; newest first
};

}  // namespace ping::mail
