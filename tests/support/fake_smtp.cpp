#include "support/fake_smtp.hpp"

#include "support/fake_smtp_session.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace ping::test {

FakeSmtp::FakeSmtp(SmtpManners manners, std::uint16_t port) : manners_(std::move(manners)) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ::bind(listener_, any, length) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, any, &length) != 0) {
        throw std::runtime_error("FakeSmtp: cannot listen");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread([this](const std::stop_token& stop) { accept_all(stop); });
}

FakeSmtp::~FakeSmtp() {
    acceptor_.request_stop();
    release();
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    for (auto& worker : workers_) {
        ::shutdown(worker.fd, SHUT_RDWR);
        worker.thread.join();
        ::close(worker.fd);
    }
}

void FakeSmtp::accept_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) {
            continue;
        }
        const int number = ++connections_;
        // The descriptor is closed by the destructor, so that its number stays ours until then.
        workers_.push_back({fd, std::jthread([this, fd, number] {
                                FakeSmtpSession(*this, fd, number).run();
                                ::shutdown(fd, SHUT_RDWR);
                            })});
    }
}

std::string FakeSmtp::url(const std::string& user_info, const std::string& scheme) const {
    return scheme + "://" + user_info + "127.0.0.1:" + std::to_string(port_);
}

void FakeSmtp::script(const std::string& recipient, SmtpScript script) {
    const std::scoped_lock lock(mutex_);
    scripts_[recipient] = std::move(script);
}

std::vector<FakeSmtp::Mail> FakeSmtp::mails() const {
    const std::scoped_lock lock(mutex_);
    return mails_;
}

std::vector<std::string> FakeSmtp::commands() const {
    const std::scoped_lock lock(mutex_);
    return commands_;
}

std::size_t FakeSmtp::count(const std::string& verb) const {
    const auto lines = commands();
    const auto is_it = [&](const std::string& line) { return line.find(": " + verb) == 5; };
    return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), is_it));
}

std::string FakeSmtp::heard(int connection) const {
    const std::scoped_lock lock(mutex_);
    const auto found = heard_.find(connection);
    return found == heard_.end() ? std::string() : found->second;
}

void FakeSmtp::note_bytes(int connection, std::string_view bytes) {
    const std::scoped_lock lock(mutex_);
    heard_[connection].append(bytes);
}

bool FakeSmtp::wait_for_hang(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return hanging_ >= count; });
}

void FakeSmtp::release() {
    {
        const std::scoped_lock lock(mutex_);
        is_released_ = true;
    }
    changed_.notify_all();
}

std::optional<SmtpScript> FakeSmtp::script_at(const std::string& recipient, SmtpScript::At at) {
    const std::scoped_lock lock(mutex_);
    const auto found = scripts_.find(recipient);
    if (found == scripts_.end() || found->second.at != at || found->second.times == 0) {
        return std::nullopt;
    }
    if (found->second.times > 0) {
        --found->second.times;
    }
    return found->second;
}

void FakeSmtp::note_command(const std::string& line, bool is_tls) {
    const std::scoped_lock lock(mutex_);
    commands_.push_back((is_tls ? "crypt: " : "clear: ") + line);
}

void FakeSmtp::note_mail(Mail mail) {
    const std::scoped_lock lock(mutex_);
    mails_.push_back(std::move(mail));
}

void FakeSmtp::note_hang() {
    const std::scoped_lock lock(mutex_);
    ++hanging_;
    changed_.notify_all();
}

void FakeSmtp::hang() {
    note_hang();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_released_; });
}

bool FakeSmtp::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, time, [this] { return is_released_; });
}

}  // namespace ping::test
