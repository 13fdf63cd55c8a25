#pragma once

#include "support/test_certificate.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ping::test {

/// Where in a session the server departs from "all is well", and how.
struct SmtpScript {
    enum class At { rcpt, data, dot };
    /// `drip` answers by a byte each 20 ms, without end; `hang` and `drip` end with the server or `release`.
    enum class Do { reply, hang, drop, drip };
    At at = At::rcpt;
    Do act = Do::reply;
    std::string reply{};  ///< whole lines with CRLF
    int times = -1;       ///< how often; -1: always
};

/// What the server does before it knows a recipient.
struct SmtpManners {
    int silent_connections = 0;  ///< the first so many get no banner
    std::string banner = "220 fake ESMTP\r\n";
    bool offer_starttls = false;
    bool is_tls_from_start = false;
    std::string starttls_reply = "220 go\r\n";
    bool offer_auth = false;
    std::string auth_reply = "235 welcome\r\n";
    std::optional<TestCertificate> certificate{};  ///< needed for TLS
};

/// A mail server on 127.0.0.1 that follows scripts and writes down what it hears. A thread per connection;
/// all of its functions may be called from any thread.
class FakeSmtp {
public:
    struct Mail {
        std::string from;  ///< as in MAIL FROM, without brackets and parameters
        std::vector<std::string> to;
        std::string data;  ///< the raw bytes between DATA's reply and the final dot
        bool was_tls = false;
        int connection = 0;   ///< counted from 1
        bool is_kept = true;  ///< false: refused after the final dot
    };

    /// Port 0: a free one. Throws std::runtime_error when it cannot listen.
    explicit FakeSmtp(SmtpManners manners = SmtpManners(), std::uint16_t port = 0);
    ~FakeSmtp();
    FakeSmtp(const FakeSmtp&) = delete;
    FakeSmtp& operator=(const FakeSmtp&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(const std::string& user_info = {}, const std::string& scheme = "smtp") const;
    /// For a recipient without a script all is well.
    void script(const std::string& recipient, SmtpScript script);

    /// Those whose final dot got here, taken or not.
    std::vector<Mail> mails() const;
    /// The command lines of all sessions, each after "clear: " or "crypt: ".
    std::vector<std::string> commands() const;
    /// How many command lines begin with `verb`.
    std::size_t count(const std::string& verb) const;
    int connections() const { return connections_; }
    /// All bytes of a connection, as they came.
    std::string heard(int connection) const;
    /// Waits until so many connections hang or drip; false after 10 s.
    bool wait_for_hang(int count = 1);
    /// Drops the connections that hang or drip, now and from here on.
    void release();

private:
    friend class FakeSmtpSession;
    struct Worker {
        int fd;
        std::jthread thread;
    };

    void accept_all(const std::stop_token& stop);
    std::optional<SmtpScript> script_at(const std::string& recipient, SmtpScript::At at);
    void note_command(const std::string& line, bool is_tls);
    void note_mail(Mail mail);
    void note_bytes(int connection, std::string_view bytes);
    void note_hang();
    /// Blocks until `release` or the end.
    void hang();
    /// False when `release` or the end came first.
    bool pause(std::chrono::milliseconds time);

    const SmtpManners manners_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> connections_{0};
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool is_released_ = false;
    int hanging_ = 0;
    std::map<int, std::string> heard_;
    std::map<std::string, SmtpScript> scripts_;
    std::vector<Mail> mails_;
    std::vector<std::string> commands_;
    std::vector<Worker> workers_;
    std::jthread acceptor_;
};

}  // namespace ping::test
