#pragma once

#include "ping/realtime/presence.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"
#include "ping/runtime/task_group.hpp"
#include "ping/storage/user_store.hpp"

#include <chrono>
#include <cstddef>
#include <unordered_map>

namespace ping::users {

/// Stores when people were last seen, when they go offline: those of a second in one write, so that a cut
/// that takes many does not flood the writer. What the store does not take is tried again. A process that is
/// killed loses what it has not stored: then somebody was last seen at the end of an earlier stay. Loop
/// thread.
class LastSeen final : public realtime::PresenceListener {
public:
    static constexpr std::chrono::seconds pause{1};
    static constexpr std::size_t most_at_once = 1000;

    /// Listens to presence. All must outlive it, and it the group's tasks.
    LastSeen(realtime::Presence& presence, storage::UserStore& store, Loop& loop, TaskGroup& tasks);

    /// Stores what waits: the process stops. What fails is logged and lost.
    Task<> finish();
    /// People whose time waits to be stored.
    std::size_t size() const { return waiting_.size(); }

    void came_online(UserId /*user*/) override {}
    void went_offline(UserId user, Time last_seen) override;

private:
    void store_soon();
    Task<Result<void>> store_some();

    storage::UserStore& store_;
    Loop& loop_;
    std::unordered_map<UserId, Time> waiting_;
    bool is_storing_ = false;
    CallbackTimer timer_;
};

}  // namespace ping::users
