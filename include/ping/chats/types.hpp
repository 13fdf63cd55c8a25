#pragma once

#include "ping/domain/chat.hpp"
#include "ping/domain/message.hpp"
#include "ping/domain/user.hpp"
#include "ping/media/types.hpp"
#include "ping/storage/chat_store.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ping::chats {

/// A chat in a person's list, with the other one in it.
struct Row {
    UserId viewer;
    ChatView view;
    UserId other;
    std::optional<User> other_user;  ///< nothing: the account is gone
};

struct RowPage {
    std::vector<Row> rows;
    bool has_more = false;
};

/// What a client has missed (API.md §5).
struct Resumption {
    std::vector<storage::ResumedChat> chats;  ///< as named
    std::vector<Row> created;                 ///< chats that the client did not name
    std::vector<Row> updated;                 ///< named ones that it must fetch anew
    bool has_more = false;                    ///< more chats were not named than are told
};

struct SendRequest {
    ChatId chat;
    UserId sender;
    std::optional<std::string> client_id;
    std::string text;
    std::shared_ptr<media::Upload> image{};  ///< may be null
};

struct Sent {
    Message message;
    bool repeated = false;  ///< the client id was known; nothing was stored or announced
};

/// A page of messages for a reader.
struct HistoryPage {
    std::vector<Message> messages;  ///< ascending
    bool has_more = false;
    Seq my_read = 0;  ///< the reader's mark, which fetching does not move
    UserId other;
    std::optional<User> other_user;
};

}  // namespace ping::chats
