#include "seed/parallel.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <exception>

namespace bench {
namespace {

constexpr std::size_t most_lanes = 512;

using Step = std::function<ping::Task<>(std::size_t)>;

ping::Task<> run_lane(std::size_t& next, std::size_t count, const Step& step) {
    while (next < count) {
        const auto index = next++;
        co_await step(index);
    }
}

}  // namespace

void run_in_parallel(ping::Loop& loop, std::size_t count, const Step& step) {
    const auto lanes = std::min(count, most_lanes);
    std::size_t next = 0;
    std::size_t ended = 0;
    std::exception_ptr failure;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        auto body = [&next, count, &step] { return run_lane(next, count, step); };
        boost::asio::co_spawn(loop.executor(), body, [&](const std::exception_ptr& error) {
            failure = error ? error : failure;
            if (++ended == lanes) {
                loop.stop();
            }
        });
    }
    if (lanes > 0) {
        loop.run();
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

}  // namespace bench
