#include "ping/app/cli.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace ping::app {
namespace {

constexpr std::string_view help_text = R"(pingd: a chat server with e-mail-code login, in one process

Usage: pingd COMMAND [OPTIONS]

Commands:
  serve           run the server
  worker          send a queue's mails, beside servers on RabbitMQ and Redis
  check-config    say what is wrong with the settings, and where; exit code 2
  healthcheck     ask the running server whether it is ready; exit code 0 or 1
  version         print the version

Options (pingd COMMAND --help lists a command's own):
  --config FILE   settings; else $PINGD_CONFIG, else /etc/pingd/pingd.toml
  --set KEY=VALUE one setting, as in --set server.mode=production; repeatable

Examples:
  pingd serve                            # http://localhost:8080, ./pingd-data
  pingd serve --listen 127.0.0.1:9000 --log-level debug
  PINGD_MAIL__SMTP_URL=smtps://me:secret@mail.example.org pingd serve
  pingd worker --queue send-otp
  pingd check-config --config pingd.toml
  pingd healthcheck --wait 30
)";

/// Every option of one subcommand, as CLI11 fills them.
struct Options {
    std::string config_file;
    std::vector<std::string> settings;
    std::vector<std::pair<std::string, std::string>> shortcuts;  // flag, value
    int wait_seconds = 0;
    std::string queue;
};

struct Shortcut {
    const char* flag;
    std::string_view key;
    const char* doc;
};
constexpr std::array<Shortcut, 5> shortcuts{{
    {"--listen", "server.listen", "Addresses to listen on, comma-separated"},
    {"--data-dir", "data.dir", "Folder of the database"},
    {"--web-dir", "server.web_dir", "Folder of the web client: web/dist"},
    {"--log-format", "log.format", "text or json"},
    {"--log-level", "log.level", "debug, info, warn or error"},
}};

void add_config_options(CLI::App& command, Options& options) {
    command.add_option("--config", options.config_file, "File with the settings (TOML)");
    command.add_option("--set", options.settings, "A setting: section.key=value")->allow_extra_args(false);
    for (const auto& shortcut : shortcuts) {
        const std::string flag = shortcut.flag;
        command.add_option_function<std::string>(
            flag, [&options, flag](const std::string& value) { options.shortcuts.emplace_back(flag, value); },
            shortcut.doc);
    }
}

std::string_view key_of(std::string_view flag) {
    for (const auto& shortcut : shortcuts) {
        if (flag == shortcut.flag) {
            return shortcut.key;
        }
    }
    return {};
}

/// Throws CLI::ValidationError for a `--set` without `=`.
Command make_command(CommandKind kind, const Options& options) {
    Command command;
    command.kind = kind;
    command.wait = std::chrono::seconds(options.wait_seconds);
    if (!options.config_file.empty()) {
        command.config_file = options.config_file;
    }
    for (const auto& setting : options.settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos) {
            throw CLI::ValidationError("--set", "write it as section.key=value");
        }
        auto key = setting.substr(0, equals);
        command.overrides.push_back(ConfigOverride{key, setting.substr(equals + 1), "--set " + key});
    }
    for (const auto& [flag, value] : options.shortcuts) {
        command.overrides.push_back(ConfigOverride{std::string(key_of(flag)), value, flag});
    }
    return command;
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
    CLI::App app("pingd");
    app.name("pingd");
    app.require_subcommand(1);
    Options options;
    auto* const serve = app.add_subcommand("serve", "Run the server");
    auto* const worker = app.add_subcommand("worker", "Send the mails of a queue, beside the servers");
    auto* const check = app.add_subcommand("check-config", "Say what is wrong with the settings, and where");
    auto* const health = app.add_subcommand("healthcheck", "Ask the running server whether it is ready");
    app.add_subcommand("version", "Print the version");
    // The server's own child (ping/images/worker.hpp): nobody else's command.
    auto* const image_worker = app.add_subcommand("image-worker")->group("");
    for (auto* const command : {serve, worker, check, health}) {
        add_config_options(*command, options);
    }
    worker->add_option("--queue", options.queue, "Whose jobs: send-otp")
        ->required()
        ->check(CLI::IsMember({"send-otp"}));
    health->add_option("--wait", options.wait_seconds, "Ask again, for so many seconds at most")
        ->check(CLI::Range(0, 3600));
    // After the subcommands, which keep CLI11's own page.
    app.formatter_fn([](const CLI::App*, std::string, CLI::AppFormatMode) { return std::string(help_text); });
    try {
        app.parse(argc, argv);
        const auto kind = serve->parsed()          ? CommandKind::serve
                          : worker->parsed()       ? CommandKind::worker
                          : check->parsed()        ? CommandKind::check_config
                          : health->parsed()       ? CommandKind::healthcheck
                          : image_worker->parsed() ? CommandKind::image_worker
                                                   : CommandKind::version;
        return CommandLine{make_command(kind, options), exit_ok};
    } catch (const CLI::CallForHelp&) {
        out << app.help();  // the chosen subcommand's, if there is one
        return CommandLine{std::nullopt, exit_ok};
    } catch (const CLI::ParseError& error) {
        err << "pingd: " << error.what() << "\nTry pingd --help.\n";
        return CommandLine{std::nullopt, exit_usage};
    }
}

}  // namespace ping::app
