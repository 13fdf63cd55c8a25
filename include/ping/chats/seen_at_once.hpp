#pragma once

#include "ping/core/error.hpp"
#include "ping/core/id.hpp"
#include "ping/domain/message.hpp"
#include "ping/runtime/task.hpp"
#include "ping/runtime/task_group.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <utility>

namespace ping::chats {

/// Moves the read marks of those who look at a chat while messages arrive. Per reader and chat one move is
/// under way; what arrives meanwhile becomes the next one, with the newest seq alone. So a burst of messages
/// costs a few writes, not one each. Loop thread.
class SeenAtOnce {
public:
    using MarkRead = std::function<Task<Result<void>>(UserId, ChatId, Seq)>;

    /// The group must outlive it, and it the group's tasks.
    SeenAtOnce(TaskGroup& tasks, MarkRead mark_read) : tasks_(tasks), mark_read_(std::move(mark_read)) {}

    /// `reader` has seen the chat up to `seq`. A failure is logged and not repeated: the next message, or the
    /// client's own word, moves the mark over this one too.
    void note(UserId reader, ChatId chat, Seq seq);
    /// Moves under way.
    std::size_t size() const { return wanted_.size(); }

private:
    using Key = std::pair<UserId, ChatId>;
    Task<> run(Key key);

    TaskGroup& tasks_;
    MarkRead mark_read_;
    std::map<Key, Seq> wanted_;
};

}  // namespace ping::chats
