#include "seed/code_seeder.hpp"
#include "seed/parallel.hpp"
#include "seed/seeder.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <stdexcept>

namespace {

struct Arguments {
    std::string data;
    std::string redis;
    bench::SeedPlan plan;
    std::size_t codes = 0;
};

void add_options(CLI::App& app, Arguments& arguments) {
    auto& plan = arguments.plan;
    app.add_option("--data", arguments.data, "Folder to make: the server's data, population.txt, guesses.txt")
        ->required();
    app.add_option("--redis", arguments.redis,
                   "URL of the Redis that gets the codes, instead of the database");
    app.add_option("--codes", arguments.codes, "One-time codes in each state in which a guess fails")
        ->check(CLI::Range(1, 12'000));
    app.add_option("--users", plan.users, "Accounts, each with a session")->check(CLI::Range(1, 1'000'000));
    app.add_flag("--star", plan.star, "The first user has all the chats; else two users share each");
    app.add_option("--chats", plan.chats, "Direct chats");
    app.add_option("--messages", plan.messages, "Messages in all chats together");
    app.add_option("--longest", plan.longest, "How many of them are in the first chat");
    app.add_option("--text-bytes", plan.text_bytes, "Size of a message's text")->check(CLI::Range(1, 4000));
}

void check(const bench::SeedPlan& plan) {
    const auto needed = plan.chats == 0 ? 1 : plan.star ? plan.chats + 1 : 2 * plan.chats;
    if (plan.users < needed) {
        throw CLI::ValidationError("--chats", "needs at least " + std::to_string(needed) + " users");
    }
    if ((plan.messages > 0 && plan.chats == 0) || plan.longest > plan.messages ||
        (plan.longest > 0 && plan.longest < plan.messages && plan.chats < 2)) {
        throw CLI::ValidationError("--messages", "needs chats to be in");
    }
}

void write(const std::filesystem::path& path, const std::function<void(std::ostream&)>& text) {
    std::ofstream file(path);
    text(file);
    if (!file.flush()) {
        throw std::runtime_error("cannot write " + path.string());
    }
}

void connect(ping::redis::Client* redis, ping::Loop& loop) {
    if (redis == nullptr) {
        return;
    }
    redis->start();
    bench::run_in_parallel(loop, 1, [redis](std::size_t) -> ping::Task<> {
        const bool is_up = co_await redis->wait_until_up(std::chrono::seconds(5));
        if (!is_up) {
            throw std::runtime_error("no connection to Redis");
        }
    });
}

void seed(const Arguments& arguments) {
    const ping::SystemClock clock;
    ping::SystemRng rng;
    std::array<std::uint8_t, 8> id_seed{};
    rng.fill(id_seed);
    ping::SystemIdGenerator ids(clock, id_seed);
    ping::Config config;
    config.data.dir = arguments.data;
    if (!arguments.redis.empty()) {
        config.codes.engine = "redis";
        config.redis.url = arguments.redis;
    }
    ping::app::Base base(config, {clock, rng, ids, [](const std::string&) {}});
    auto engines = ping::app::open_engines(base);
    if (!engines) {
        throw std::runtime_error(engines.error().message + " " + engines.error().detail);
    }
    if (!(*engines)->folder.is_new()) {
        throw std::runtime_error(arguments.data + " exists");
    }
    connect((*engines)->redis.get(), base.loop);
    const std::filesystem::path folder(arguments.data);
    if (arguments.codes > 0) {
        bench::CodeSeeder codes(base, **engines, arguments.codes);
        codes.run();
        write(folder / "guesses.txt", [&](std::ostream& out) { codes.write_guesses(out); });
    }
    bench::Seeder seeder(base, **engines, arguments.plan);
    seeder.run();
    // Last: who finds this file finds a whole store.
    write(folder / "population.txt", [&](std::ostream& out) { seeder.write_population(out); });
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Fills a new data folder of pingd for a load run");
    Arguments arguments;
    add_options(app, arguments);
    try {
        app.parse(argc, argv);
        check(arguments.plan);
        seed(arguments);
        return 0;
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    } catch (const std::exception& failure) {
        std::cerr << "bench_seed: " << failure.what() << '\n';
        return 1;
    }
}
