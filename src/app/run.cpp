#include "ping/app/run.hpp"

#include "ping/app/cli.hpp"
#include "ping/app/serve.hpp"
#include "ping/app/worker.hpp"
#include "ping/core/failpoint.hpp"
#include "ping/core/log.hpp"
#include "ping/images/worker.hpp"

#include <exception>
#include <iostream>

namespace ping::app {
namespace {

/// `pingd serve` and `pingd worker`.
int start(const Command& command, const Environment& environment) {
    const auto loaded = load_checked_config(command, environment);
    if (!loaded.errors.empty()) {
        print_config_errors(loaded, std::cerr);
        return exit_usage;
    }
    const bool is_worker = command.kind == CommandKind::worker;
    if (const auto fit = check_worker_config(loaded.config); is_worker && !fit) {
        std::cerr << "pingd: " << fit.error().message << '\n';
        return exit_usage;
    }
#ifdef PINGD_FAILPOINTS
    if (const auto armed = failpoint::arm_from_environment(); !armed) {
        std::cerr << "pingd: " << armed.error().message << '\n';
        return exit_usage;
    }
#endif
    log::configure(loaded.config.log.format, loaded.config.log.level);
    if (!loaded.without_effect.empty()) {
        log::warn("config.without_effect", {{"keys", loaded.without_effect}});
    }
    return is_worker ? work(loaded.config) : serve(loaded.config);
}

int run_command(int argc, const char* const* argv) {
    const auto line = parse_command_line(argc, argv, std::cout, std::cerr);
    if (!line.command) {
        return line.exit_code;
    }
    const auto environment = process_environment();
    switch (line.command->kind) {
        case CommandKind::serve:
        case CommandKind::worker:
            return start(*line.command, environment);
        case CommandKind::check_config:
            return run_check_config(*line.command, environment, std::cout, std::cerr);
        case CommandKind::healthcheck:
            return run_healthcheck(*line.command, environment, std::cout, std::cerr);
        case CommandKind::version:
            return run_version(std::cout);
        case CommandKind::image_worker:
            return images::image_worker_main();
    }
    return exit_usage;
}

}  // namespace

int run(int argc, const char* const* argv) {
    try {
        return run_command(argc, argv);
    } catch (const std::exception& failure) {
        // Only the start throws: no descriptor, thread or memory to be had.
        std::cerr << "pingd: " << failure.what() << '\n';
        return exit_failure;
    }
}

}  // namespace ping::app
