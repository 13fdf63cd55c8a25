#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/config.hpp"
#include "ping/core/error.hpp"
#include "ping/core/id.hpp"
#include "ping/crypto/random.hpp"
#include "ping/http/router.hpp"
#include "ping/realtime/event_router.hpp"
#include "ping/runtime/loop.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ping::app {

/// What an application does not make itself, so that tests can choose it. All of it outlives the application.
struct Externals {
    const Clock& clock;
    Rng& rng;
    IdGenerator& ids;
    /// Gets what the dev mailbox shows on the terminal; on the mail thread.
    std::function<void(const std::string&)> print;
    /// Called once when a stop begins, whatever began it; on the loop. May be empty.
    std::function<void()> on_stop{};
    /// The program that decodes images, as `program image-worker`.
    std::string image_worker = "/proc/self/exe";
};

struct Parts;

/// The whole server: the one place that names adapters and knows who needs whom (Parts, in
/// src/app/parts.hpp).
class Application {
public:
    Application(Config config, Externals externals);
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    /// Opens the data, binds the addresses. After success `run` serves.
    Result<void> start();
    /// Serves on the calling thread until a stop has been carried out. False when it ended for damage in the
    /// store.
    bool run();
    /// Starts the orderly stop: no new connections, not ready, sockets closed with 1001, requests finished,
    /// mails in flight finished or left in the queue, all within about 8 s; then `run` returns. A request
    /// whose handler does not end in that time is not abandoned, since its write may be on its way: the stop
    /// waits on for the database's answer, and `Externals::on_stop` sees to an end. Any thread; once is
    /// enough.
    void request_stop();

    /// Where it listens, ports as bound. After `start`.
    std::vector<std::string> addresses() const;
    bool has_new_data() const;
    Loop& loop();
    const http::Router& router() const;
    const realtime::EventRouter& events() const;
    /// Makes the mail thread look at the clock again (tests move it).
    void poke_mail();

private:
    Task<> stop();
    Result<void> load();
    Task<> connect();
    Task<> check_store();

    std::unique_ptr<Parts> parts_;
};

}  // namespace ping::app
