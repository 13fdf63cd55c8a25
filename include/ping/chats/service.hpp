#pragma once

#include "ping/bus/event_bus.hpp"
#include "ping/chats/announcer.hpp"
#include "ping/chats/delivered_marks.hpp"
#include "ping/chats/member_cache.hpp"
#include "ping/chats/types.hpp"
#include "ping/core/clock.hpp"
#include "ping/core/config.hpp"
#include "ping/core/error.hpp"
#include "ping/core/id.hpp"
#include "ping/core/metrics.hpp"
#include "ping/media/service.hpp"
#include "ping/runtime/rate_limiter.hpp"
#include "ping/runtime/task.hpp"
#include "ping/storage/chat_store.hpp"
#include "ping/users/service.hpp"

namespace ping::chats {

/// The rules of chats: who may do what, what is stored, who hears of it. Order of a send: store durably,
/// announce to the members' connections, answer the sender. Loop thread. Errors of the store (not_found,
/// forbidden) pass through.
class Service {
public:
    struct Ports {
        storage::ChatStore& store;
        users::Service& users;
        media::Service& media;
        bus::EventBus& bus;
        const Clock& clock;
        IdGenerator& ids;
        Loop& loop;
        TaskGroup& tasks;
    };
    /// The most chats that `resume` takes.
    static constexpr std::size_t most_resumed = 200;

    Service(Ports ports, const Config::Limits& limits, Metrics& metrics);

    /// The direct chat of two people, made when missing: then both get `chatCreated`. invalid for oneself,
    /// not_found for nobody.
    Task<Result<storage::DirectChat>> create(UserId creator, UserId other);
    Task<Result<RowPage>> list(UserId reader, storage::ChatPage page);
    /// Counts a message against the sender's rate: before `send`, and before its body is read. rate_limited.
    Result<void> charge(UserId sender);
    /// invalid for an empty message, a too long text or a bad client id; unprocessable for a client id that
    /// came with another text or image; errors of media::Service::keep for the image.
    Task<Result<Sent>> send(SendRequest request);
    Task<Result<HistoryPage>> history(storage::HistoryQuery query);
    /// The chat's members, as they were at most a second ago. forbidden when `person` is none of them.
    Task<Result<std::vector<UserId>>> members(UserId person, ChatId chat);
    /// Moves the reader's watermark; the authors get `messagesSeen`, the reader's connections `unread`.
    /// rate_limited.
    Task<Result<storage::ReadMove>> mark_read(UserId reader, ChatId chat, Seq seq);
    /// The chat has reached a device of the member up to `seq`. Stored, and told the authors by
    /// `messagesDelivered`, at once or within a second or so (DeliveredMarks). rate_limited.
    Task<Result<void>> mark_delivered(UserId member, ChatId chat, Seq seq);
    /// The same without a wait, where a mark of this member in this chat was stored of late; false: it was
    /// not.
    bool note_delivered(UserId member, ChatId chat, Seq seq) { return delivered_.note(member, chat, seq); }
    /// What a client has missed that has each chat up to a seq. invalid for more than `most_resumed` chats,
    /// rate_limited.
    Task<Result<Resumption>> resume(UserId reader, std::vector<storage::ResumePoint> points);
    /// Starts storing what waits. For the stop, before the tasks are joined.
    void flush() { delivered_.flush(); }

private:
    Task<Result<std::shared_ptr<media::NewPicture>>> keep_image(const SendRequest& request);
    void sign_images(std::vector<Message>& messages) const;
    Task<Result<std::vector<Row>>> rows_of(UserId reader, std::vector<ChatView> views);
    Task<Result<Seq>> store_delivered(UserId member, ChatId chat, Seq seq);

    Ports ports_;
    Announcer announcer_;
    RateLimiter sends_per_user_;
    RateLimiter marks_per_user_;
    RateLimiter resumes_per_user_;
    DeliveredMarks delivered_;
    MemberCache member_cache_;
    Counter& messages_;
};

}  // namespace ping::chats
