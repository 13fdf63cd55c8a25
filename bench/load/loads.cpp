#include "loads.hpp"

#include "fanout.hpp"
#include "idle.hpp"
#include "logins.hpp"
#include "message_text.hpp"
#include "rest_loop.hpp"
#include "socket_sends.hpp"
#include "timing.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>

namespace bench {
namespace {

using Context = boost::asio::io_context;

/// What may pass between the start of a load and its end besides what was asked for.
constexpr std::chrono::seconds patience{60};

/// Turns the context until the load stops it; throws when that takes too long.
void run_bounded(Context& context, const Options& options) {
    const std::chrono::duration<double> asked(options.warm_up + options.window);
    context.run_for(std::chrono::duration_cast<Clock::duration>(asked) + patience);
    if (!context.stopped()) {
        throw std::runtime_error("the load has not ended in time");
    }
}

CrowdOptions crowd_options(const Options& options, std::size_t per_chat) {
    return {options.server(), parse_dialect(options.dialect), options.connections, per_chat, options.joins};
}

Report run_fanout(const Options& options) {
    Context context(1);
    const auto population = load_population(options.population);
    Measurement measurement(context, options.measurement());
    Fanout load(context, crowd_options(options, options.connections), population, options.in_flight,
                options.text_bytes, measurement);
    load.start();
    run_bounded(context, options);
    auto report = measurement.report();
    report.add("event_bytes", static_cast<double>(load.event_bytes()));
    return report;
}

Report run_socket_sends(const Options& options) {
    Context context(1);
    const auto population = load_population(options.population);
    Measurement measurement(context, options.measurement());
    SocketSends load(context, crowd_options(options, 2), population, options.text_bytes, measurement);
    load.start();
    run_bounded(context, options);
    return measurement.report();
}

Report run_idle(const Options& options) {
    Context context(1);
    const auto population = load_population(options.population);
    IdleOptions idle;
    idle.server = options.server_process;
    idle.first = options.idle_first;
    idle.settle = std::chrono::duration<double>(options.warm_up);
    idle.window = std::chrono::duration<double>(options.window);
    Idle load(context, crowd_options(options, options.connections), population, idle);
    load.start();
    run_bounded(context, options);
    return load.report();
}

Report run_logins(const Options& options) {
    Context context(1);
    Measurement measurement(context, options.measurement());
    Logins load(context, options.server(), options.connections, measurement);
    load.start();
    run_bounded(context, options);
    return measurement.report();
}

/// As long as it takes, but for less than the codes live.
Report run_timing(const Options& options) {
    Context context(1);
    Timing load(context, options.server(), options.guesses);
    load.start();
    context.run_for(std::chrono::seconds(200));
    if (!context.stopped()) {
        throw std::runtime_error("the guesses took so long that codes may have expired: use fewer samples");
    }
    return load.report();
}

Report run_rest(const Options& options, int expected, RestLoop::MakeRequest make_request) {
    Context context(1);
    Measurement measurement(context, options.measurement());
    RestLoop load(context, options.server(), options.connections, expected, std::move(make_request),
                  measurement);
    load.start();
    run_bounded(context, options);
    return measurement.report();
}

/// Each lane is an account; two that follow each other write to the same chat.
Report run_rest_sends(const Options& options) {
    const auto population = load_population(options.population);
    const auto text = plain_text(options.text_bytes);
    return run_rest(options, 201, [&](const HttpClient& client, std::size_t lane) {
        const auto json = message_json(population.chats.at(lane / 2).id, text);
        return client.make_request("POST", "/api/v1/message", population.accounts.at(lane).token, json);
    });
}

/// The first account reads pages anywhere in any of its chats, as often from the longest as from all others.
Report run_history(const Options& options) {
    const auto population = load_population(options.population);
    std::mt19937_64 random(1);
    return run_rest(options, 200, [&, random](const HttpClient& client, std::size_t) mutable {
        const auto chance = random();
        const auto& chat = population.chats.at(chance % 2 == 0 ? 0 : chance / 2 % population.chats.size());
        const auto last_seq = static_cast<std::uint64_t>(chat.last_seq);
        const auto before = 2 + random() % (last_seq > 0 ? last_seq : 1);
        const auto target = "/api/v1/message/" + chat.id +
                            "?markSeen=false&limit=" + std::to_string(options.page) +
                            "&before=" + std::to_string(before);
        return client.make_request("GET", target, population.accounts.at(0).token, "");
    });
}

Report run_chats(const Options& options) {
    const auto population = load_population(options.population);
    const auto target = "/api/v1/chat/all?limit=" + std::to_string(options.page);
    return run_rest(options, 200, [&](const HttpClient& client, std::size_t) {
        return client.make_request("GET", target, population.accounts.at(0).token, "");
    });
}

struct Load {
    std::string_view name;
    Report (*run)(const Options& options);
};
constexpr std::array<Load, 8> loads{{{"fanout", run_fanout},
                                     {"socket-sends", run_socket_sends},
                                     {"rest-sends", run_rest_sends},
                                     {"idle", run_idle},
                                     {"history", run_history},
                                     {"chats", run_chats},
                                     {"logins", run_logins},
                                     {"timing", run_timing}}};

}  // namespace

Report run_load(const Options& options) {
    const auto* const load = std::ranges::find(loads, options.load, &Load::name);
    if (load == loads.end()) {
        throw std::runtime_error("there is no load named " + options.load);
    }
    return load->run(options);
}

}  // namespace bench
