#pragma once

#include "ping/sqlite/database.hpp"
#include "ping/storage/chat_store.hpp"

namespace ping::storage {

/// Chats and messages in the SQLite file. The database outlives it.
class SqliteChatStore final : public ChatStore {
public:
    explicit SqliteChatStore(sqlite::Database& database) : database_(database) {}

    Task<Result<DirectChat>> create_direct(NewDirectChat request) override;
    Task<Result<std::vector<ChatView>>> list(UserId reader, ChatPage page) override;
    Task<Result<ChatView>> get(UserId reader, ChatId chat) override;
    Task<Result<AppendedMessage>> append(NewMessage message) override;
    Task<Result<History>> history(HistoryQuery query) override;
    Task<Result<ReadMove>> mark_read(UserId reader, ChatId chat, Seq seq, Time now) override;
    Task<Result<std::vector<UserId>>> members(ChatId chat) override;
    Task<Result<DeliveredMove>> mark_delivered(UserId member, ChatId chat, Seq seq) override;
    Task<Result<Resumed>> resume(ResumeQuery query) override;
    Task<Result<std::vector<UserId>>> contacts(UserId person, int limit) override;

private:
    sqlite::Database& database_;
};

}  // namespace ping::storage
