#include "options.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address_v4.hpp>

namespace bench {
namespace {

void add_options(CLI::App& app, Options& options) {
    app.add_option("load", options.load,
                   "fanout, socket-sends, rest-sends, idle, history, chats, logins or timing")
        ->required();
    app.add_option("--port", options.port, "Where the server listens, on 127.0.0.1")->required();
    app.add_option("--server-process", options.server_process, "The server's process id")->required();
    app.add_option("--population", options.population, "Accounts and chats that the server knows");
    app.add_option("--guesses", options.guesses, "What the load `timing` guesses at");
    app.add_option("--dialect", options.dialect, "native or socketio");
    app.add_flag("--joins", options.joins, "Connections join their chat (the peers know no members)");
    app.add_option("--connections", options.connections, "How many")->check(CLI::Range(1, 19'000));
    app.add_option("--idle-first", options.idle_first, "Idle connections before the first look at memory");
    app.add_option("--in-flight", options.in_flight, "Messages on their way at a time")
        ->check(CLI::Range(1, 1000));
    app.add_option("--text-bytes", options.text_bytes, "Size of a message's text")
        ->check(CLI::Range(32, 4000));
    app.add_option("--page", options.page, "Messages or chats of a page")->check(CLI::Range(1, 200));
    app.add_option("--warm-up", options.warm_up, "Seconds before the measured time")
        ->check(CLI::Range(0.0, 60.0));
    app.add_option("--seconds", options.window, "The measured time")->check(CLI::Range(0.1, 300.0));
}

}  // namespace

boost::asio::ip::tcp::endpoint Options::server() const {
    return {boost::asio::ip::address_v4::loopback(), port};
}

MeasurementOptions Options::measurement() const {
    return {server_process, std::chrono::duration<double>(warm_up), std::chrono::duration<double>(window)};
}

std::optional<Options> parse_options(int argc, const char* const* argv, int& exit_code) {
    CLI::App app("Puts one kind of load on a chat server and prints what it measured, as one line of JSON");
    Options options;
    add_options(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        exit_code = app.exit(error);
        return std::nullopt;
    }
    return options;
}

}  // namespace bench
