#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/config.hpp"
#include "ping/core/error.hpp"
#include "ping/core/id.hpp"
#include "ping/crypto/random.hpp"
#include "ping/http/router.hpp"
#include "ping/runtime/loop.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ping::app {

/// What an application does not make itself, so that tests can choose it. All of it outlives the application.
struct Environment {
    const Clock& clock;
    Rng& rng;
    IdGenerator& ids;
    /// Gets what the dev mailbox shows on the terminal; on the mail thread.
    std::function<void(const std::string&)> print;
};

struct Parts;

/// The whole server: the one place that names adapters and knows who needs whom (Parts, in
/// src/app/parts.hpp).
class Application {
public:
    Application(Config config, Environment environment);
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    /// Opens the data, binds the addresses. After success `run` serves.
    Result<void> start();
    /// Serves on the calling thread until a stop has been carried out. False when it ended for damage in the
    /// store.
    bool run();
    /// Starts the orderly stop: no new connections, not ready, sockets closed with 1001, requests finished,
    /// mails in flight finished or left in the queue, all within about 8 s; then `run` returns. Any thread;
    /// once is enough.
    void request_stop();

    /// Where it listens, ports as bound. After `start`.
    std::vector<std::string> addresses() const;
    bool has_new_data() const;
    Loop& loop();
    const http::Router& router() const;
    /// Makes the mail thread look at the clock again (tests move it).
    void poke_mail();

private:
    Task<> stop();
    Result<void> load();
    Task<> check_store();

    std::unique_ptr<Parts> parts_;
};

}  // namespace ping::app
