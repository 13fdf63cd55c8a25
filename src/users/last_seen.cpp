#include "ping/users/last_seen.hpp"

#include "ping/core/log.hpp"

#include <utility>
#include <vector>

namespace ping::users {

LastSeen::LastSeen(realtime::Presence& presence, storage::UserStore& store, Loop& loop, TaskGroup& tasks)
    : store_(store), loop_(loop), timer_([this, &tasks] {
          tasks.spawn("users.last_seen", [this]() -> Task<> { co_await store_some(); });
      }) {
    presence.listen(*this);
}

void LastSeen::went_offline(UserId user, Time last_seen) {
    waiting_.insert_or_assign(user, last_seen);
    store_soon();
}

void LastSeen::store_soon() {
    if (!waiting_.empty() && !is_storing_ && !timer_.is_armed()) {
        loop_.timers().arm(timer_, pause);
    }
}

Task<Result<void>> LastSeen::store_some() {
    std::vector<storage::LastSeen> batch;
    while (!waiting_.empty() && batch.size() < most_at_once) {
        const auto taken = waiting_.extract(waiting_.begin());
        batch.push_back({taken.key(), taken.mapped()});
    }
    is_storing_ = true;
    const auto stored = co_await store_.note_last_seen(batch);
    is_storing_ = false;
    if (!stored) {
        log::warn("users.last_seen_not_stored", {{"code", stored.error().slug}, {"people", batch.size()}});
        for (const auto& [user, time] : batch) {
            waiting_.try_emplace(user, time);  // a newer one stays
        }
    }
    store_soon();
    co_return stored;
}

Task<> LastSeen::finish() {
    bool is_failed = false;
    while (!waiting_.empty() && !is_failed) {
        const auto stored = co_await store_some();
        is_failed = !stored;
    }
    timer_.disarm();
}

}  // namespace ping::users
