#include "ping/app/serve.hpp"

#include "ping/app/application.hpp"
#include "ping/app/service_manager.hpp"
#include "ping/core/log.hpp"

#include <boost/asio/signal_set.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <iostream>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>

namespace ping::app {
namespace {

constexpr unsigned stop_deadline_seconds = 10;

/// Ends a stop that hangs. A handler of our own, because the first process of a container ignores the default
/// one.
extern "C" void on_stop_deadline(int /*signal*/) {
    constexpr std::string_view message = "pingd: the stop took too long\n";
    static_cast<void>(::write(STDERR_FILENO, message.data(), message.size()) == 0);
    ::_exit(1);
}

void prepare_process() {
    std::signal(SIGPIPE, SIG_IGN);  // a broken connection is an error code, not the end
    std::signal(SIGXFSZ, SIG_IGN);  // so is a file that may not grow
    std::signal(SIGALRM, on_stop_deadline);
    const rlimit no_core{0, 0};  // a core would hold keys and codes (TRUST.md T19)
    if (::setrlimit(RLIMIT_CORE, &no_core) != 0) {
        log::warn("process.core_limit", {{"errno", errno}});
    }
}

void print_welcome(const Config& config, const Application& application, std::chrono::milliseconds took) {
    std::cout << "pingd " << PING_VERSION << "  data " << config.data.dir
              << (application.has_new_data() ? " (new)" : "")
              << "  mail: " << (config.mail.smtp_url.empty() ? "dev mailbox (no SMTP configured)" : "SMTP")
              << '\n';
    for (const auto& address : application.addresses()) {
        const auto base = "http://" + address;
        std::cout << "  App      " << base << "/\n";
        if (config.mail.smtp_url.empty()) {
            std::cout << "  Mailbox  " << base << "/dev/mailbox\n";
        }
        std::cout << "  Health   " << base << "/readyz   metrics /metrics\n";
    }
    std::cout << "ready in " << took.count() << " ms" << std::endl;
}

}  // namespace

int serve(const Config& config) {
    const auto started_at = std::chrono::steady_clock::now();
    prepare_process();
    const SystemClock clock;
    SystemRng rng;
    std::array<std::uint8_t, 8> id_seed{};
    rng.fill(id_seed);
    SystemIdGenerator ids(clock, id_seed);
    Application application(
        config, {clock, rng, ids, [](const std::string& line) { std::cout << line << std::endl; }});
    if (const auto started = application.start(); !started) {
        std::cerr << "pingd: " << started.error().message;
        if (!started.error().detail.empty()) {
            std::cerr << ": " << started.error().detail;
        }
        std::cerr << '\n';
        return 1;
    }
    boost::asio::signal_set signals(application.loop().context(), SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) {
            ::alarm(stop_deadline_seconds);
            notify_service_manager("STOPPING=1");
            application.request_stop();
        }
    });
    const auto took = std::chrono::steady_clock::now() - started_at;
    print_welcome(config, application, std::chrono::duration_cast<std::chrono::milliseconds>(took));
    notify_service_manager("READY=1");
    const bool ended_well = application.run();
    log::flush();
    return ended_well ? 0 : 1;
}

}  // namespace ping::app
