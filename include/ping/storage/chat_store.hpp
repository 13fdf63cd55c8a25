#pragma once

#include "ping/core/error.hpp"
#include "ping/domain/chat.hpp"
#include "ping/domain/message.hpp"
#include "ping/runtime/task.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ping::storage {

struct NewDirectChat {
    ChatId fresh;  ///< id for the chat, if the pair has none yet
    UserId a;
    UserId b;
    Time now;
};

struct DirectChat {
    ChatId id;
    bool created = false;
};

struct NewMessage {
    MessageId id;
    ChatId chat;
    UserId sender;
    std::optional<std::string> client_id;
    std::string text;
    MessageType type = MessageType::text;
    Time now;
};

struct AppendedMessage {
    Message message;
    std::vector<UserId> members;  ///< of the chat, the sender included
    bool repeated = false;        ///< `client_id` was known: `message` is the first one, nothing was stored
};

/// Keyset over (updated_at, id), newest first.
struct ChatPage {
    std::optional<Time> before_time;  ///< with before_id: chats older than this position
    ChatId before_id;
    int limit = 1000;
};

/// A page of a chat's messages. Without before and after: the newest `limit`.
struct HistoryQuery {
    ChatId chat;
    UserId reader;
    std::optional<Seq> before;
    std::optional<Seq> after;
    int limit = 1000;
};

struct History {
    std::vector<Message> messages;  ///< ascending by seq
    bool has_more = false;          ///< more in the direction of the query (older ones when there is none)
    std::vector<UserId> members;
    Seq last_seq = 0;
    Watermarks mine;
    Watermarks peer;
};

/// A member's watermark that moved (or did not: from == to).
struct ReadMove {
    Seq from = 0;
    Seq to = 0;
    int unread = 0;  ///< the reader's, after the move; counting stops at 100
    std::vector<UserId> members;
    std::vector<Message> seen;  ///< others' messages in (from, to], newest 1000, ascending
};

/// Chats, members and messages. Thread and common errors as in UserStore. Every call that names a chat and a
/// person fails with not_found ("Chat not found") when there is no such chat and forbidden
/// ("You are not a participant of this chat") when the person is not a member, and then changes nothing.
class ChatStore {
public:
    virtual ~ChatStore() = default;

    /// The one direct chat of a pair, made when missing. not_found when `b` is no user.
    virtual Task<Result<DirectChat>> create_direct(NewDirectChat request) = 0;
    /// The reader's chats, newest activity first, at most `limit`.
    virtual Task<Result<std::vector<ChatView>>> list(UserId reader, ChatPage page) = 0;
    virtual Task<Result<ChatView>> get(UserId reader, ChatId chat) = 0;
    /// Stores the message with the next seq, moves the chat's preview and time and the sender's watermarks,
    /// in one transaction; durable when it returns. unprocessable ("client_id_reused") when the client id
    /// came with another body.
    virtual Task<Result<AppendedMessage>> append(NewMessage message) = 0;
    virtual Task<Result<History>> history(HistoryQuery query) = 0;
    /// Moves the reader's read (and delivered) watermark forward to at most the chat's last seq; never back.
    virtual Task<Result<ReadMove>> mark_read(UserId reader, ChatId chat, Seq seq, Time now) = 0;
};

}  // namespace ping::storage
