#include "support/fake_smtp_session.hpp"

#include <openssl/pem.h>

#include <array>
#include <string_view>
#include <sys/socket.h>

namespace ping::test {
namespace {

std::string between_brackets(const std::string& line) {
    const auto open = line.find('<');
    const auto close = line.find('>');
    if (open == std::string::npos || close == std::string::npos || close < open) {
        return {};
    }
    return line.substr(open + 1, close - open - 1);
}

template <class T, class Free>
std::unique_ptr<T, Free> owned(T* thing, Free free) {
    return {thing, free};
}

}  // namespace

void FakeSmtpSession::run() {
    const auto& manners = server_.manners_;
    if (number_ <= manners.silent_connections) {
        server_.hang();
        return;
    }
    if (manners.is_tls_from_start && !start_tls()) {
        return;
    }
    if (!write(manners.banner)) {
        return;
    }
    while (const auto line = read_until("\r\n")) {
        server_.note_command(*line, ssl_ != nullptr);
        if (!obey(*line)) {
            return;
        }
    }
}

bool FakeSmtpSession::start_tls() {
    const auto& made = server_.manners_.certificate;
    if (!made) {
        return false;
    }
    const auto certificate_text = owned(BIO_new_mem_buf(made->certificate_pem.data(), -1), &BIO_free);
    const auto key_text = owned(BIO_new_mem_buf(made->key_pem.data(), -1), &BIO_free);
    const auto certificate =
        owned(PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr), &X509_free);
    const auto key =
        owned(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    context_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context_.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), key.get());
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), fd_);
    return SSL_accept(ssl_.get()) == 1;
}

bool FakeSmtpSession::write(const std::string& text) {
    if (ssl_) {
        return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) > 0;
    }
    std::string_view left = text;
    while (!left.empty()) {
        const auto sent = ::send(fd_, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        left.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool FakeSmtpSession::fill() {
    std::array<char, 16 * 1024> bytes{};
    const auto got = ssl_ ? SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                          : static_cast<int>(::recv(fd_, bytes.data(), bytes.size(), 0));
    if (got <= 0) {
        return false;
    }
    const std::string_view piece(bytes.data(), static_cast<std::size_t>(got));
    server_.note_bytes(number_, piece);
    buffer_.append(piece);
    return true;
}

std::optional<std::string> FakeSmtpSession::read_until(const std::string& end) {
    std::size_t looked_at = 0;
    while (true) {
        const auto found = buffer_.find(end, looked_at);
        if (found != std::string::npos) {
            auto text = buffer_.substr(0, found);
            buffer_.erase(0, found + end.size());
            return text;
        }
        looked_at = buffer_.size() < end.size() ? 0 : buffer_.size() - end.size() + 1;
        if (!fill()) {
            return std::nullopt;
        }
    }
}

std::string FakeSmtpSession::greeting() const {
    std::string lines = "250-fake\r\n";
    if (server_.manners_.offer_starttls && !ssl_) {
        lines += "250-STARTTLS\r\n";
    }
    if (server_.manners_.offer_auth) {
        lines += "250-AUTH PLAIN\r\n";
    }
    return lines + "250 8BITMIME\r\n";
}

bool FakeSmtpSession::obey(const std::string& line) {
    const auto verb = line.substr(0, line.find(' '));
    if (verb == "EHLO" || verb == "HELO") {
        return write(greeting());
    }
    if (verb == "STARTTLS") {
        return write(server_.manners_.starttls_reply) && start_tls();
    }
    if (verb == "AUTH") {
        return obey_auth(line);
    }
    if (verb == "MAIL") {
        mail_ = FakeSmtp::Mail();
        mail_.from = between_brackets(line);
        return write("250 ok\r\n");
    }
    if (verb == "RCPT") {
        return obey_rcpt(line);
    }
    if (verb == "DATA") {
        return obey_data();
    }
    if (verb == "QUIT") {
        write("221 bye\r\n");
        return false;
    }
    return write(verb == "RSET" || verb == "NOOP" ? "250 ok\r\n" : "500 what?\r\n");
}

bool FakeSmtpSession::obey_auth(const std::string& line) {
    if (line == "AUTH PLAIN") {
        if (!write("334 \r\n")) {
            return false;
        }
        const auto secret = read_until("\r\n");
        if (!secret) {
            return false;
        }
        server_.note_command("(secret) " + *secret, ssl_ != nullptr);
    }
    return write(server_.manners_.auth_reply);
}

bool FakeSmtpSession::obey_rcpt(const std::string& line) {
    mail_.to.push_back(between_brackets(line));
    const auto script = server_.script_at(mail_.to.back(), SmtpScript::At::rcpt);
    return script ? follow(*script) : write("250 ok\r\n");
}

bool FakeSmtpSession::obey_data() {
    const auto recipient = mail_.to.empty() ? std::string() : mail_.to.front();
    if (const auto refusal = server_.script_at(recipient, SmtpScript::At::data)) {
        return follow(*refusal);
    }
    if (!write("354 go on\r\n")) {
        return false;
    }
    auto data = read_until("\r\n.\r\n");
    if (!data) {
        return false;
    }
    const auto script = server_.script_at(recipient, SmtpScript::At::dot);
    mail_.data = *data + "\r\n";
    mail_.was_tls = ssl_ != nullptr;
    mail_.connection = number_;
    mail_.is_kept = !script || script->act != SmtpScript::Do::reply || script->reply.front() == '2';
    server_.note_mail(mail_);
    return script ? follow(*script) : write("250 taken\r\n");
}

bool FakeSmtpSession::follow(const SmtpScript& script) {
    switch (script.act) {
        case SmtpScript::Do::reply:
            return write(script.reply);
        case SmtpScript::Do::hang:
            server_.hang();
            return false;
        case SmtpScript::Do::drip:
            return drip();
        case SmtpScript::Do::drop:
            return false;
    }
    return false;
}

bool FakeSmtpSession::drip() {
    constexpr std::chrono::milliseconds pause{20};
    server_.note_hang();
    bool goes_on = write("250-");
    while (goes_on && server_.pause(pause)) {
        goes_on = write("x");
    }
    return false;
}

}  // namespace ping::test
