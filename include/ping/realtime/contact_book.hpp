#pragma once

#include "ping/core/error.hpp"
#include "ping/core/id.hpp"
#include "ping/runtime/loop.hpp"
#include "ping/runtime/task.hpp"
#include "ping/runtime/task_group.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ping::realtime {

/// The contacts (the people one shares a chat with) of those who are online, so that presence asks the store
/// once per person and stay, not at every change. Loop thread.
class ContactBook {
public:
    using Find = std::function<Task<Result<std::vector<UserId>>>(UserId)>;
    using Known = std::function<void(UserId)>;

    /// Questions to the store at a time: a wave of reconnects leaves its readers to others.
    static constexpr int parallel = 8;
    static constexpr std::chrono::seconds retry_after{1};

    /// `known` is called when somebody's contacts have come. Loop and tasks must outlive this object, and it
    /// the tasks.
    ContactBook(Loop& loop, TaskGroup& tasks, Find find, Known known);

    /// Opens the person's page and asks for the contacts; after a failure again, until it is closed. Does
    /// nothing when it is open.
    void open(UserId person);
    /// Closes the page and returns what was in it.
    std::vector<UserId> close(UserId person);
    /// Sorted; null until they have come. Valid until the loop's next handler.
    const std::vector<UserId>* find(UserId person) const;
    bool are_contacts(UserId person, UserId other) const;
    /// The two share a chat from now on. Counts also while the store is being asked.
    void add(UserId a, UserId b);
    /// Pages open.
    std::size_t size() const { return pages_.size(); }

private:
    struct Page {
        std::uint64_t number = 0;  ///< an answer for an earlier page of the same person does not count
        bool is_known = false;
        std::vector<UserId> contacts;
    };
    struct Question {
        UserId person;
        std::uint64_t number = 0;  ///< of the page
    };
    std::optional<Question> next_question();
    void pump();
    Task<> ask(Question first);
    Task<> load(UserId person, std::uint64_t number);
    void add_one(UserId person, UserId other);

    Loop& loop_;
    TaskGroup& tasks_;
    Find find_;
    Known known_;
    std::unordered_map<UserId, Page> pages_;
    std::deque<UserId> waiting_;
    std::uint64_t last_number_ = 0;
    int running_ = 0;
    CallbackTimer retry_timer_;
};

}  // namespace ping::realtime
