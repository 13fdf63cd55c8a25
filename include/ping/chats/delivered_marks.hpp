#pragma once

#include "ping/core/error.hpp"
#include "ping/core/id.hpp"
#include "ping/domain/message.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"
#include "ping/runtime/task_group.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <utility>

namespace ping::chats {

/// What has reached people's devices, on its way to the store. A member's first mark in a chat is stored at
/// once; while more come, the newest of them once a second. So a chat at full speed costs each member one
/// write a second, whatever the number of devices. Loop thread.
class DeliveredMarks {
public:
    static constexpr std::chrono::seconds interval{1};
    static constexpr std::size_t capacity = 100'000;
    /// Stores a mark and tells of it; how far the member's mark is now.
    using Store = std::function<Task<Result<Seq>>(UserId, ChatId, Seq)>;

    /// Loop and group outlive it, and it the group's tasks.
    DeliveredMarks(Loop& loop, TaskGroup& tasks, Store store);

    /// Whether a mark of this member in this chat was stored of late: then the next one only waits its turn.
    bool knows(UserId member, ChatId chat) const;
    /// Takes a mark that only waits its turn. False, and nothing done, where `knows` says no.
    bool note(UserId member, ChatId chat, Seq seq);
    /// Takes a mark. Where `knows` says no it is stored before this returns, with the store's errors;
    /// unavailable when too many members have marks on the way.
    Task<Result<void>> mark(UserId member, ChatId chat, Seq seq);
    /// Starts storing all that wait. For the stop, before the group is joined.
    void flush();
    /// Members of chats with a mark on its way or just stored.
    std::size_t size() const { return places_.size(); }

private:
    using Key = std::pair<UserId, ChatId>;
    struct Place {
        Seq stored = 0;
        Seq waiting = 0;  ///< 0: none
        SteadyTime begun_at;
        int storing = 0;  ///< calls of the store that are under way
        bool is_member = false;
    };

    Task<Result<void>> store(Key key, Seq seq);
    void store_waiting(const Key& key, Place& place);
    void tick();
    void arm();

    Loop& loop_;
    TaskGroup& tasks_;
    Store store_;
    std::map<Key, Place> places_;
    CallbackTimer timer_;
};

}  // namespace ping::chats
