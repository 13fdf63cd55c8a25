#include "redis/reply_reader.hpp"

#include <hiredis/read.h>
#include <new>
#include <utility>

namespace ping::redis {

/// hiredis calls these with each value that it has read, parents first. What they return is never freed by
/// it: the root lives in the ReplyReader, the rest in their parents.
struct ReplyReader::Callbacks {
    static ReplyReader& reader_of(const redisReadTask& task) {
        return *static_cast<ReplyReader*>(task.privdata);
    }

    static void* make_text(const redisReadTask* task, char* text, std::size_t size) {
        auto* const reply = reader_of(*task).place(*task);
        if (reply != nullptr) {
            // A status such as OK is a text as good as any.
            reply->kind = task->type == REDIS_REPLY_ERROR ? Reply::Kind::error : Reply::Kind::text;
            reply->text.assign(text, size);
        }
        return reply;
    }

    static void* make_array(const redisReadTask* task, int size) {
        auto& reader = reader_of(*task);
        const auto items = static_cast<std::size_t>(size);
        auto* const reply = reader.place(*task);
        if (reply == nullptr || items > reader.items_left_) {
            return nullptr;
        }
        reader.items_left_ -= items;
        reply->kind = Reply::Kind::array;
        reply->items.resize(items);
        return reply;
    }

    static void* make_integer(const redisReadTask* task, long long value) {
        auto* const reply = reader_of(*task).place(*task);
        if (reply != nullptr) {
            reply->kind = Reply::Kind::integer;
            reply->integer = value;
        }
        return reply;
    }

    static void* make_nil(const redisReadTask* task) { return reader_of(*task).place(*task); }

    static void forget(void* /*reply*/) {}

    static inline redisReplyObjectFunctions functions{make_text, make_array, make_integer, make_nil, forget};
};

void ReplyReader::Free::operator()(redisReader* reader) const {
    redisReaderFree(reader);
}

ReplyReader::ReplyReader() : reader_(redisReaderCreateWithFunctions(&Callbacks::functions)) {
    if (reader_ == nullptr) {
        throw std::bad_alloc();
    }
    reader_->privdata = this;
}

Reply* ReplyReader::place(const redisReadTask& task) {
    if (task.parent == nullptr) {
        root_ = Reply();
        items_left_ = most_items;
        return &root_;
    }
    auto& siblings = static_cast<Reply*>(task.parent->obj)->items;
    const auto index = static_cast<std::size_t>(task.idx);
    return index < siblings.size() ? &siblings[index] : nullptr;
}

bool ReplyReader::feed(std::string_view bytes) {
    // hiredis keeps what has not been read yet: of a reply that never ends, all of it.
    return reader_->len - reader_->pos + bytes.size() <= most_bytes &&
           redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) == REDIS_OK;
}

Result<std::optional<Reply>> ReplyReader::next() {
    void* whole = nullptr;
    if (redisReaderGetReply(reader_.get(), &whole) != REDIS_OK) {
        return errors::invalid(std::string("not RESP2: ") + reader_->errstr, "bad_reply");
    }
    if (whole == nullptr) {
        return std::optional<Reply>();
    }
    return std::optional<Reply>(std::exchange(root_, Reply()));
}

}  // namespace ping::redis
