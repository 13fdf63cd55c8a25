#include "ping/mail/dev_mailbox.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ping::mail {
namespace {

/// Mails of other services may try to steer the terminal.
std::string printable(std::string text) {
    for (char& c : text) {
        const auto value = static_cast<unsigned char>(c);
        if (value < 0x20 || value == 0x7F) {
            c = ' ';
        }
    }
    return text;
}

}  // namespace

DevMailbox::DevMailbox(const Clock& clock, std::function<void(const std::string&)> print)
    : clock_(clock), print_(std::move(print)), wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wake_fd_ < 0) {
        throw std::system_error(errno, std::generic_category(), "eventfd");
    }
}

DevMailbox::~DevMailbox() {
    ::close(wake_fd_);
}

std::vector<StoredMail> DevMailbox::messages() const {
    const std::scoped_lock lock(mutex_);
    return {mails_.begin(), mails_.end()};
}

void DevMailbox::send(Mail mail, SendDone done) {
    const auto now = clock_.now();
    print_(to_iso8601(now) + "  mail for " + printable(mail.to) + ": " + printable(mail.subject));
    {
        const std::scoped_lock lock(mutex_);
        mails_.push_front(
            {std::move(mail.to), std::move(mail.subject), std::move(mail.text), std::move(mail.html), now});
        if (mails_.size() > most_mails) {
            mails_.pop_back();
        }
    }
    done(SendResult());
}

void DevMailbox::wait(int ready_fd, std::chrono::milliseconds timeout) {
    // poll ignores an entry whose descriptor is negative.
    std::array<pollfd, 2> watched{pollfd{wake_fd_, POLLIN, 0}, pollfd{ready_fd, POLLIN, 0}};
    ::poll(watched.data(), watched.size(), static_cast<int>(timeout.count()));
    eventfd_t count = 0;
    ::eventfd_read(wake_fd_, &count);
}

void DevMailbox::wake() {
    ::eventfd_write(wake_fd_, 1);
}

}  // namespace ping::mail
