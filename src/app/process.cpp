#include "app/process.hpp"

#include "ping/app/service_manager.hpp"
#include "ping/core/log.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <string>
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

/// What the process holds without connections is about half of this.
constexpr rlim_t least_files = 64;

Result<void> check_file_limit() {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < least_files) {
        return errors::unavailable("needs at least " + std::to_string(least_files) +
                                   " open files, and the limit is " + std::to_string(files.rlim_cur) +
                                   ": raise it (ulimit -n, LimitNOFILE= of systemd)");
    }
    return ok();
}

std::array<std::uint8_t, 8> random_seed(Rng& rng) {
    std::array<std::uint8_t, 8> seed{};
    rng.fill(seed);
    return seed;
}

}  // namespace

SystemSources::SystemSources() : ids(clock, random_seed(rng)) {}

void begin_stop() {
    ::alarm(stop_deadline_seconds);
    notify_service_manager("STOPPING=1");
}

Result<void> prepare_process() {
    if (const auto enough = check_file_limit(); !enough) {
        return enough.error();
    }
    std::signal(SIGPIPE, SIG_IGN);  // a broken connection is an error code, not the end
    std::signal(SIGXFSZ, SIG_IGN);  // so is a file that may not grow
    std::signal(SIGALRM, on_stop_deadline);
    const rlimit no_core{0, 0};  // a core would hold keys and codes (TRUST.md T19)
    if (::setrlimit(RLIMIT_CORE, &no_core) != 0) {
        log::warn("process.core_limit", {{"errno", errno}});
    }
    return ok();
}

int fail_to_start(const Error& error) {
    std::cerr << "pingd: " << error.message << (error.detail.empty() ? "" : ": ") << error.detail << '\n';
    return 1;
}

}  // namespace ping::app
