#pragma once

#include "ping/core/config_loader.hpp"

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace ping::app {

inline constexpr int exit_ok = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_usage = 2;  ///< the command line or the settings are wrong

enum class CommandKind { serve, worker, check_config, healthcheck, version, image_worker };

/// What the user asks for.
struct Command {
    CommandKind kind = CommandKind::serve;
    std::optional<std::string> config_file;  ///< of `--config`
    std::vector<ConfigOverride> overrides;
    std::chrono::seconds wait{0};  ///< of `healthcheck --wait`
};

/// A command, or, when the text is printed and there is nothing left to do, the exit code.
struct CommandLine {
    std::optional<Command> command;
    int exit_code = exit_ok;
};

/// Reads the command line; prints help to `out`, complaints to `err`.
CommandLine parse_command_line(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

/// The file of `--config`, else of PINGD_CONFIG, else /etc/pingd/pingd.toml when it exists, else none.
std::optional<std::string> choose_config_file(const Command& command, const Environment& environment);

/// Reads the settings and checks them, the secrets' strength (TRUST.md T22) included. `serve` starts with
/// this.
LoadedConfig load_checked_config(const Command& command, const Environment& environment);
/// One line per error, `origin: message`.
void print_config_errors(const LoadedConfig& loaded, std::ostream& err);

/// The three commands that need no server. Each returns the exit code.
int run_version(std::ostream& out);
int run_check_config(const Command& command, const Environment& environment, std::ostream& out,
                     std::ostream& err);
/// Asks the server that the same settings describe for GET /readyz, until it says 200 or `command.wait` is
/// over; once when that is 0. Blocks.
int run_healthcheck(const Command& command, const Environment& environment, std::ostream& out,
                    std::ostream& err);

}  // namespace ping::app
