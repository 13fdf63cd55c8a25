#pragma once

#include "ping/domain/chat.hpp"
#include "ping/domain/message.hpp"
#include "ping/domain/user.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ping::chats {

/// A chat in a person's list, with the other one in it.
struct Row {
    ChatView view;
    UserId other;
    std::optional<User> other_user;  ///< nothing: the account is gone
};

struct RowPage {
    std::vector<Row> rows;
    bool has_more = false;
};

struct SendRequest {
    ChatId chat;
    UserId sender;
    std::optional<std::string> client_id;
    std::string text;
};

struct Sent {
    Message message;
    bool repeated = false;  ///< the client id was known; nothing was stored or announced
};

/// A page of messages for a reader.
struct HistoryPage {
    std::vector<Message> messages;  ///< ascending
    bool has_more = false;
    Seq my_read = 0;  ///< as it was before this page was fetched
    Seq peer_read = 0;
    UserId other;
    std::optional<User> other_user;
};

}  // namespace ping::chats
