#pragma once

#include "jobs/rabbitmq/connection.hpp"
#include "ping/core/clock.hpp"
#include "ping/core/metrics.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace ping::test {

/// The broker to test with: PINGD_TEST_RABBITMQ_URL, empty where there is none.
const std::string& rabbitmq_url();
/// A connection beside those of the code under test.
std::unique_ptr<jobs::rabbitmq::Connection> connect_to_rabbitmq(const Clock& clock);
std::string unused_queue_name();
void delete_queue(const std::string& name);

/// A counter's value.
std::size_t series(const Metrics& metrics, const std::string& name);

/// Looks until `is_so()`; throws with `what` after 10 s of real time.
template <class Predicate>
void eventually(const std::string& what, Predicate is_so) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("waited 10 s for " + what);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

}  // namespace ping::test
