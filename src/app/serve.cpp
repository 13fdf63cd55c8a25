#include "ping/app/serve.hpp"

#include "app/process.hpp"
#include "ping/app/application.hpp"
#include "ping/app/service_manager.hpp"
#include "ping/core/log.hpp"

#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <csignal>
#include <iostream>
#include <string>

namespace ping::app {
namespace {

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
    if (const auto prepared = prepare_process(); !prepared) {
        return fail_to_start(prepared.error());
    }
    SystemSources sources;
    const auto print = [](const std::string& line) { std::cout << line << std::endl; };
    Application application(config, {sources.clock, sources.rng, sources.ids, print, begin_stop});
    if (const auto started = application.start(); !started) {
        return fail_to_start(started.error());
    }
    boost::asio::signal_set signals(application.loop().context(), SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) {
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
