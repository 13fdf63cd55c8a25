#pragma once

#include "ping/core/error.hpp"
#include "ping/domain/chat.hpp"
#include "ping/domain/message.hpp"
#include "ping/runtime/task.hpp"

#include <cstdint>
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

struct NewImage {
    Image image;
    std::int64_t bytes = 0;  ///< that it takes on the disk
    std::string digest;      ///< SHA-256 of what was sent, 32 bytes
    std::int64_t quota = 0;  ///< the most bytes that the sender's images may take together
};

struct NewMessage {
    MessageId id;
    ChatId chat;
    UserId sender;
    std::optional<std::string> client_id;
    std::string text;
    MessageType type = MessageType::text;
    std::optional<NewImage> image{};  ///< of type image
    Time now;
};

struct AppendedMessage {
    Message message;
    std::vector<UserId> members;    ///< of the chat, the sender included
    bool repeated = false;          ///< `client_id` was known: `message` is the first one, nothing was stored
    std::vector<SeenMessage> read;  ///< what the sender has read by writing: as `ReadMove::seen`
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

/// A reader's watermark that moved (or did not: from == to).
struct ReadMove {
    Seq from = 0;
    Seq to = 0;
    int unread = 0;  ///< the reader's, after the move; counting stops at 100
    std::vector<UserId> members;
    std::vector<SeenMessage> seen;  ///< others' messages in (from, to], newest 1000, ascending
};

/// Likewise for what has reached a member's device. In (from, to] all messages are others': who writes has
/// got what came before.
struct DeliveredMove {
    Seq from = 0;
    Seq to = 0;
    std::vector<UserId> members;
};

/// What a client has of a chat: everything up to `last_seq`.
struct ResumePoint {
    ChatId chat;
    Seq last_seq = 0;
};

struct ResumeQuery {
    UserId reader;
    std::vector<ResumePoint> points;
    int missed_per_chat = 1000;  ///< more than so many missed: resync
    // The bounds of the answer. A chat that would pass one of the first two becomes a resync.
    int missed = 2000;
    std::size_t text_bytes = 512 * 1024;
    int others = 100;
    /// The client has older chats than those it names: `Resumed::others` leaves out what is older than every
    /// message that the client names as its last one.
    bool is_cut = false;
};

struct ResumedChat {
    ChatId chat;
    bool resync = false;            ///< the client fetches anew. Also when the reader is not in the chat
    std::optional<ChatView> view;   ///< of a chat that is a resync and the reader's
    std::vector<Message> messages;  ///< all that were missed, ascending
    Watermarks mine;
    Watermarks peer;
    int unread = 0;
};

struct Resumed {
    std::vector<ResumedChat> chats;  ///< in the order of the points
    std::vector<ChatView> others;    ///< the reader's other chats, newest activity first
    bool has_more = false;           ///< there are others beyond the bound
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
    /// came with another body: another text, or an image of another digest. too_large ("quota_exceeded") when
    /// the sender's images would pass their quota.
    virtual Task<Result<AppendedMessage>> append(NewMessage message) = 0;
    virtual Task<Result<History>> history(HistoryQuery query) = 0;
    /// Moves the reader's read (and delivered) watermark forward to at most the chat's last seq; never back.
    /// Writes only when it moves.
    virtual Task<Result<ReadMove>> mark_read(UserId reader, ChatId chat, Seq seq, Time now) = 0;
    /// The chat's members, ordered by id. not_found when there is no such chat.
    virtual Task<Result<std::vector<UserId>>> members(ChatId chat) = 0;
    /// Likewise for the delivered watermark.
    virtual Task<Result<DeliveredMove>> mark_delivered(UserId member, ChatId chat, Seq seq) = 0;
    /// What a client has missed, as one state of the store. A chat that is not there or not the reader's is a
    /// `resync` without a view: naming it fails nothing and tells nothing.
    virtual Task<Result<Resumed>> resume(ResumeQuery query) = 0;
    /// The people who share a chat with `person`, each once and never the person, at most `limit`: those of
    /// the newest chats first.
    virtual Task<Result<std::vector<UserId>>> contacts(UserId person, int limit) = 0;
};

}  // namespace ping::storage
