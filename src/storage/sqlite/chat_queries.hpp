#pragma once

#include "ping/core/error.hpp"
#include "ping/domain/chat.hpp"
#include "ping/sqlite/statement.hpp"

#include <span>
#include <vector>

namespace ping::storage {

/// A chat as one of its members stands in it: what a job must know before it goes on.
struct Standing {
    Seq last_seq = 0;
    Time updated_at;
    std::vector<UserId> members;  ///< in the order of their ids
    UserId other;                 ///< the other member
    Watermarks mine;
    Watermarks peer;
};

/// not_found when there is no such chat, forbidden when the person is not in it.
Result<Standing> load_standing(sqlite::Connection& connection, ChatId chat, UserId person);

/// Sets `seen` and `seen_at` of messages of one chat, which ascend.
void fill_seen(sqlite::Connection& connection, ChatId chat, UserId reader, const Standing& standing,
               std::span<Message> messages);

/// Messages of others after `read`; counting stops at 100.
int count_unread(sqlite::Connection& connection, ChatId chat, UserId reader, Seq read);

/// Others' messages in (from, to]: the newest 1000, ascending.
std::vector<SeenMessage> load_seen(sqlite::Connection& connection, ChatId chat, UserId reader, Seq from,
                                   Seq to);

}  // namespace ping::storage
