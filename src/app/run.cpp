#include "ping/app/run.hpp"

#include "ping/app/cli.hpp"
#include "ping/app/serve.hpp"
#include "ping/core/log.hpp"

#include <exception>
#include <iostream>

namespace ping::app {
namespace {

int serve(const Command& command, const Environment& environment) {
    const auto loaded = load_checked_config(command, environment);
    if (!loaded.errors.empty()) {
        print_config_errors(loaded, std::cerr);
        return exit_usage;
    }
    log::configure(loaded.config.log.format, loaded.config.log.level);
    return app::serve(loaded.config);
}

int run_command(int argc, const char* const* argv) {
    const auto line = parse_command_line(argc, argv, std::cout, std::cerr);
    if (!line.command) {
        return line.exit_code;
    }
    const auto environment = process_environment();
    switch (line.command->kind) {
        case CommandKind::serve:
            return serve(*line.command, environment);
        case CommandKind::check_config:
            return run_check_config(*line.command, environment, std::cout, std::cerr);
        case CommandKind::healthcheck:
            return run_healthcheck(*line.command, environment, std::cout, std::cerr);
        case CommandKind::version:
            return run_version(std::cout);
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
