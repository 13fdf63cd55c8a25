#pragma once

#include "ping/core/error.hpp"
#include "ping/domain/chat.hpp"
#include "ping/sqlite/statement.hpp"

#include <vector>

namespace ping::storage {

/// What a member may know before a call goes on: who is in and how far the chat and he have come.
struct Membership {
    Seq last_seq = 0;
    Time created_at;
    Time updated_at;
    Watermarks mine;
};

/// not_found when there is no such chat, forbidden when the person is not in it.
Result<Membership> load_membership(sqlite::Connection& connection, ChatId chat, UserId person);

/// The members in the order of their ids, with the watermarks of the others than `reader`.
struct Members {
    std::vector<UserId> ids;
    Watermarks peer;
};
Members load_members(sqlite::Connection& connection, ChatId chat, UserId reader);

/// The reader's chat. Errors as load_membership.
Result<ChatView> load_view(sqlite::Connection& connection, ChatId chat, UserId reader);

/// Messages of others after `read`; counting stops at 100.
int count_unread(sqlite::Connection& connection, ChatId chat, UserId reader, Seq read);

/// All rows of a query over the columns of read_message.
std::vector<Message> read_messages(sqlite::Statement& query, ChatId chat);

}  // namespace ping::storage
