#include "ping/app/cli.hpp"
#include "ping/app/serve.hpp"
#include "ping/core/log.hpp"

#include <iostream>

namespace {

int serve(const ping::app::Command& command, const ping::Environment& environment) {
    const auto loaded = ping::app::load_checked_config(command, environment);
    if (!loaded.errors.empty()) {
        ping::app::print_config_errors(loaded, std::cerr);
        return ping::app::exit_usage;
    }
    ping::log::configure(loaded.config.log.format, loaded.config.log.level);
    return ping::app::serve(loaded.config);
}

}  // namespace

int main(int argc, char** argv) {
    const auto line = ping::app::parse_command_line(argc, argv, std::cout, std::cerr);
    if (!line.command) {
        return line.exit_code;
    }
    const auto environment = ping::process_environment();
    switch (line.command->kind) {
        case ping::app::CommandKind::serve:
            return serve(*line.command, environment);
        case ping::app::CommandKind::check_config:
            return ping::app::run_check_config(*line.command, environment, std::cout, std::cerr);
        case ping::app::CommandKind::healthcheck:
            return ping::app::run_healthcheck(*line.command, environment, std::cout, std::cerr);
        case ping::app::CommandKind::version:
            return ping::app::run_version(std::cout);
    }
    return ping::app::exit_usage;
}
