#pragma once

#include "app/parts.hpp"

#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace bench {

/// What to put into an empty store.
struct SeedPlan {
    std::size_t users = 2;
    /// false: users 0 and 1 share a chat, 2 and 3 the next, and so on. true: user 0 has one with everybody
    /// else.
    bool star = false;
    std::size_t chats = 0;
    std::size_t messages = 0;  ///< in all chats together
    std::size_t longest = 0;   ///< so many of them are in the first chat, the others evenly in the rest
    std::size_t text_bytes = 100;
};

/// Fills a store through the server's own ports, many calls at a time, so that the group commit carries them.
/// What it makes is what the server would have made. Throws std::runtime_error when a call fails.
class Seeder {
public:
    Seeder(ping::app::Base& base, ping::app::Engines& engines, const SeedPlan& plan)
        : base_(base), engines_(engines), plan_(plan), text_(plan.text_bytes, 'x') {}

    void run();
    /// Lines of `user ID TOKEN` and `chat ID LAST_SEQ`, as bench_load reads them.
    void write_population(std::ostream& out) const;

private:
    struct Account {
        ping::UserId id;
        std::string token;
    };
    struct Chat {
        ping::ChatId id;
        std::size_t messages = 0;
    };
    ping::Task<> add_user(std::size_t index);
    ping::Task<> add_chat(std::size_t index);
    ping::Task<> fill_chat(std::size_t index);
    const Account& member(std::size_t chat, std::size_t which) const;
    std::size_t messages_of(std::size_t chat) const;

    ping::app::Base& base_;
    ping::app::Engines& engines_;
    const SeedPlan plan_;
    const std::string text_;
    std::vector<Account> accounts_;
    std::vector<Chat> chats_;
};

}  // namespace bench
