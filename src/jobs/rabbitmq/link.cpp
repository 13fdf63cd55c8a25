#include "jobs/rabbitmq/link.hpp"

#include "ping/core/exception_text.hpp"
#include "ping/core/log.hpp"

#include <algorithm>
#include <array>
#include <poll.h>
#include <utility>

namespace ping::jobs::rabbitmq {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_backoff{100};
constexpr milliseconds longest_backoff{5'000};
constexpr milliseconds longest_wait{1'000};

}  // namespace

Link::Link(std::string name, const LinkParts& parts, LinkUser& user)
    : name_(std::move(name)), parts_(parts), user_(user), backoff_(first_backoff) {}

Link::~Link() {
    request_stop();
}

void Link::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Link::request_stop() {
    thread_.request_stop();
    wake_.set();
}

void Link::wait_for_first_try(milliseconds limit) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit, [this] { return has_tried_; });
}

void Link::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        Result<void> ended = ok();
        try {
            ended = connect_and_serve(stop);
        } catch (...) {
            ended = errors::unavailable("The queue cannot be reached", "queue_down")
                        .with_detail(exception_text());
        }
        if (!ended) {
            const auto error = ended.error();
            parts_.failures.add();
            log::warn("rabbitmq.down", {{"link", name_}, {"detail", error.detail}});
            user_.closed(error);
            note_first_try();
            pause(stop);
        }
    }
}

Result<void> Link::connect_and_serve(const std::stop_token& stop) {
    auto connection = Connection::open(parts_.endpoint, name_, parts_.clock);
    if (!connection) {
        return connection.error();
    }
    if (auto opened = user_.opened(**connection); !opened) {
        return opened;
    }
    parts_.connects.add();
    log::info("rabbitmq.up", {{"link", name_}});
    backoff_ = first_backoff;
    note_first_try();
    return serve(**connection, stop);
}

Result<void> Link::serve(Connection& connection, const std::stop_token& stop) {
    for (;;) {
        wake_.clear();  // first: what is asked for from here on sets it again
        const bool is_last = stop.stop_requested();
        if (auto heard = hear(connection); !heard) {
            return heard;
        }
        const auto has_output = user_.work(connection);
        if (!has_output) {
            return has_output.error();
        }
        if (is_last) {
            return ok();
        }
        if (!connection.has_input()) {
            wait(connection, *has_output);
        }
    }
}

Result<void> Link::hear(Connection& connection) {
    for (;;) {
        auto event = connection.next();
        if (!event) {
            return event.error();
        }
        if (!*event) {
            return ok();
        }
        if (auto received = user_.received(connection, std::move(**event)); !received) {
            return received;
        }
    }
}

void Link::wait(const Connection& connection, bool has_output) const {
    const auto wanted = static_cast<short>(has_output ? POLLIN | POLLOUT : POLLIN);
    std::array<pollfd, 2> descriptors{
        {{connection.descriptor(), wanted, 0}, {wake_.descriptor(), POLLIN, 0}}};
    // A failure (EINTR) is as good as a wake.
    static_cast<void>(::poll(descriptors.data(), descriptors.size(), static_cast<int>(longest_wait.count())));
}

void Link::note_first_try() {
    {
        const std::scoped_lock lock(mutex_);
        has_tried_ = true;
    }
    changed_.notify_all();
}

/// Half of it at least, so that those that lost the same broker do not all come back at once.
void Link::pause(const std::stop_token& stop) {
    const auto half = backoff_ / 2;
    const auto spread = crypto::uniform(parts_.rng, static_cast<std::uint32_t>(half.count()) + 1);
    backoff_ = std::min(backoff_ * 2, longest_backoff);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, half + milliseconds(spread), [] { return false; });
}

}  // namespace ping::jobs::rabbitmq
