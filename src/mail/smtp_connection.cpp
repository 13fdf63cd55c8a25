#include "mail/smtp_connection.hpp"

#include "ping/core/failpoint.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace ping::mail {
namespace {

/// Servers close connections at rest; before they do, we do.
constexpr std::chrono::seconds longest_rest{30};

}  // namespace

SmtpConnection::SmtpConnection(const SmtpRoute& route, CURLM* multi)
    : route_(route), multi_(multi), handle_(curl_easy_init()) {
    if (!handle_ || !set_up(route) || curl_multi_add_handle(multi_, handle_.get()) != CURLM_OK) {
        on_connected(CURLE_FAILED_INIT);
    }
}

SmtpConnection::~SmtpConnection() {
    if (is_connected_ && !is_dead_ && !is_busy()) {
        static constexpr std::string_view quit = "QUIT\r\n";
        std::size_t sent = 0;
        curl_easy_send(handle_.get(), quit.data(), quit.size(), &sent);
    }
    curl_multi_remove_handle(multi_, handle_.get());
}

bool SmtpConnection::set_up(const SmtpRoute& route) {
    bool is_good = true;
    const auto set = [&](CURLoption option, auto value) {
        is_good = curl_easy_setopt(handle_.get(), option, value) == CURLE_OK && is_good;
    };
    set(CURLOPT_CURLU, route.url.get());
    set(CURLOPT_CONNECT_ONLY, 1L);
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_PROXY, "");  // the environment must not send mails elsewhere
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // else removing the handle waits for a name server that is silent
    set(CURLOPT_USE_SSL, static_cast<long>(route.is_tls_demanded ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!route.options.ca_file.empty()) {
        // Replaces curl's own bundle; the system's folder of roots stays in use.
        set(CURLOPT_CAINFO, route.options.ca_file.c_str());
    }
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(route.options.connect.count()));
    set(CURLOPT_PRIVATE, static_cast<void*>(this));
    return is_good;
}

void SmtpConnection::on_connected(CURLcode code) {
    if (code == CURLE_OK && curl_easy_getinfo(handle_.get(), CURLINFO_ACTIVESOCKET, &socket_) == CURLE_OK &&
        socket_ != CURL_SOCKET_BAD) {
        is_connected_ = true;
        return;
    }
    long reply = 0;
    if (handle_) {
        curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &reply);
    }
    SendResult refused;
    refused.status = SendStatus::temporary;
    refused.reply_code = static_cast<int>(reply);
    refused.detail = curl_easy_strerror(code);
    refused.reached = false;
    door_ = std::move(refused);
    is_dead_ = true;
}

bool SmtpConnection::is_fit(SteadyTime now) {
    if (!is_connected_ || is_dead_ || is_busy()) {
        return false;
    }
    // At rest a server has nothing to say but that it goes.
    char byte = 0;
    std::size_t got = 0;
    const bool is_quiet = curl_easy_recv(handle_.get(), &byte, 1, &got) == CURLE_AGAIN;
    is_dead_ = !is_quiet;
    return is_quiet && now - rest_since_ < longest_rest;
}

void SmtpConnection::begin(OutgoingMail mail, SteadyTime now) {
    dialog_.emplace(route_.from.address, mail.to, mail.text);
    mail_ = std::move(mail);
    mail_->text.clear();
    total_deadline_ = now + route_.options.total;
    step_deadline_ = end();
}

SteadyTime SmtpConnection::end() const {
    const bool is_handed_over = dialog_ && dialog_->is_at_dot();
    return is_handed_over ? total_deadline_ : std::min(total_deadline_, mail_->give_up_at);
}

std::optional<SendResult> SmtpConnection::advance(SteadyTime now) {
    if (!is_busy()) {
        return std::nullopt;
    }
    if (door_) {
        return door_;
    }
    if (!is_connected_) {
        return now < step_deadline_ ? std::nullopt : std::optional(give_up("Timeout was reached"));
    }
    return step(now);
}

std::optional<SendResult> SmtpConnection::step(SteadyTime now) {
    bool has_moved = true;
    while (has_moved && !dialog_->result()) {
        const auto out = send();
        const auto in = receive();  // a server may say why and close while we still send
        if ((out == Io::broken || in == Io::broken) && !dialog_->result()) {
            return give_up("The connection broke");
        }
        has_moved = out == Io::progress || in == Io::progress;
        if (has_moved) {
            const auto patience = dialog_->is_at_dot() ? route_.options.dot_reply : route_.options.reply;
            step_deadline_ = std::min(now + patience, end());
        }
    }
    if (dialog_->result()) {
        rest_since_ = now;
        // After a refusal the session may be in any state: it is not worth a RSET.
        is_dead_ = dialog_->result()->status != SendStatus::sent;
        return dialog_->result();
    }
    if (now >= step_deadline_) {
        return give_up("Timeout was reached");
    }
    return std::nullopt;
}

SmtpConnection::Io SmtpConnection::send() {
    const auto out = dialog_->output();
    if (out.empty()) {
        return Io::stuck;
    }
    std::size_t sent = 0;
    const auto code = curl_easy_send(handle_.get(), out.data(), out.size(), &sent);
    if (code == CURLE_AGAIN) {
        return Io::stuck;
    }
    dialog_->sent(sent);
    if (dialog_->is_at_dot()) {
        PING_FAILPOINT(W2);
    }
    return code == CURLE_OK ? Io::progress : Io::broken;
}

SmtpConnection::Io SmtpConnection::receive() {
    std::array<char, 4096> bytes{};
    std::size_t got = 0;
    const auto code = curl_easy_recv(handle_.get(), bytes.data(), bytes.size(), &got);
    if (code == CURLE_AGAIN) {
        return Io::stuck;
    }
    if (code != CURLE_OK || got == 0) {
        return Io::broken;
    }
    dialog_->receive(std::string_view(bytes.data(), got));
    return Io::progress;
}

SendResult SmtpConnection::give_up(std::string detail) {
    is_dead_ = true;
    if (is_connected_ && dialog_) {
        return dialog_->broken(std::move(detail));
    }
    SendResult result;
    result.status = SendStatus::temporary;
    result.detail = std::move(detail);
    result.reached = false;
    return result;
}

SendDone SmtpConnection::take_done() {
    auto done = std::move(mail_->done);
    mail_.reset();
    dialog_.reset();
    return done;
}

std::optional<curl_waitfd> SmtpConnection::interest() const {
    if (!is_connected_ || is_dead_ || !is_busy()) {
        return std::nullopt;
    }
    const int events = CURL_WAIT_POLLIN | (dialog_->output().empty() ? 0 : CURL_WAIT_POLLOUT);
    return curl_waitfd{socket_, static_cast<short>(events), 0};
}

std::optional<SteadyTime> SmtpConnection::deadline() const {
    return is_busy() ? std::optional(step_deadline_) : std::nullopt;
}

}  // namespace ping::mail
