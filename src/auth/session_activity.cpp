#include "ping/auth/session_activity.hpp"

#include "ping/core/log.hpp"

#include <utility>
#include <vector>

namespace ping::auth {
namespace {

// One write job's; others' writes go in between.
constexpr std::size_t rows_per_write = 500;

}  // namespace

void SessionActivity::note(SessionId session) {
    noted_.insert_or_assign(session, loop_.clock().now());
    if (noted_.size() >= most_noted) {
        wake_.set();
    }
}

void SessionActivity::connected(SessionId session) {
    ++sockets_[session];
}

void SessionActivity::disconnected(SessionId session) {
    const auto entry = sockets_.find(session);
    if (entry != sockets_.end() && --entry->second == 0) {
        sockets_.erase(entry);
    }
    note(session);
}

std::optional<Time> SessionActivity::last_seen(SessionId session) const {
    if (sockets_.contains(session)) {
        return loop_.clock().now();
    }
    for (const auto* const times : {&noted_, &being_written_}) {
        if (const auto entry = times->find(session); entry != times->end()) {
            return entry->second;
        }
    }
    return std::nullopt;
}

Task<> SessionActivity::run() {
    while (!is_stopping_) {
        co_await wake_.wait_for(interval);
        wake_.clear();
        co_await write();
    }
    co_await write();
}

void SessionActivity::stop() {
    is_stopping_ = true;
    wake_.set();
}

Task<> SessionActivity::write() {
    being_written_ = std::exchange(noted_, {});
    auto next = being_written_.begin();
    while (next != being_written_.end()) {
        std::vector<storage::SeenSession> batch;
        for (; next != being_written_.end() && batch.size() < rows_per_write; ++next) {
            batch.push_back({next->first, next->second});
        }
        const auto written = co_await store_.note_seen(std::move(batch));
        if (!written) {
            // Not worth keeping: whoever is still there will be noted again.
            log::warn("sessions.seen_not_written", {{"detail", written.error().detail}});
            break;
        }
    }
    being_written_.clear();
}

}  // namespace ping::auth
