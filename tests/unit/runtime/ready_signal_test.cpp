#include "ping/runtime/ready_signal.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <poll.h>
#include <thread>

using ping::ReadySignal;

namespace {

bool is_readable(const ReadySignal& signal, int wait_ms = 0) {
    pollfd watched{signal.descriptor(), POLLIN, 0};
    return ::poll(&watched, 1, wait_ms) == 1;
}

}  // namespace

TEST_CASE("ready signal: readable from set until clear, however often it was set", "[runtime]") {
    ReadySignal signal;
    CHECK_FALSE(is_readable(signal));
    signal.clear();
    CHECK_FALSE(is_readable(signal));
    for (int round = 0; round < 3; ++round) {
        signal.set();
        signal.set();
        CHECK(is_readable(signal));
        signal.clear();
        CHECK_FALSE(is_readable(signal));
    }
}

TEST_CASE("ready signal: who clears and then looks misses nothing", "[runtime]") {
    ReadySignal signal;
    std::atomic<int> made{0};
    constexpr int most = 200'000;
    std::jthread maker([&] {
        while (made < most) {
            ++made;
            signal.set();
        }
    });
    int seen = 0;
    while (seen < most && is_readable(signal, 5'000)) {
        signal.clear();
        seen = made;
    }
    CHECK(seen == most);
}
