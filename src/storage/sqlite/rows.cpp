#include "storage/sqlite/rows.hpp"

namespace ping::storage {
namespace {

Role parse_role(std::string_view text) {
    if (text == "admin") {
        return Role::admin;
    }
    return text == "seller" ? Role::seller : Role::user;
}

}  // namespace

MessageType parse_message_type(std::string_view text) {
    if (text == "image") {
        return MessageType::image;
    }
    return text == "order" ? MessageType::order : MessageType::text;
}

User read_user(const sqlite::Statement& row) {
    User user;
    user.id = row.id<UserId>(0);
    user.name = row.text(1);
    user.email = row.optional_text(2);
    user.phone = row.optional_text(3);
    user.avatar = row.optional_text(4);
    user.role = parse_role(row.text(5));
    user.created_at = row.time(6);
    user.updated_at = row.time(7);
    user.last_seen_at = row.optional_time(8);
    return user;
}

Session read_session(const sqlite::Statement& row) {
    Session session;
    session.id = row.id<SessionId>(0);
    session.user = row.id<UserId>(1);
    session.otp_id = row.text(2);
    session.device = row.text(3);
    session.created_at = row.time(4);
    session.expires_at = row.time(5);
    session.revoked_at = row.optional_time(6);
    session.last_seen_at = row.optional_time(7);
    return session;
}

Message read_message(const sqlite::Statement& row, ChatId chat) {
    Message message;
    message.id = row.id<MessageId>(0);
    message.chat = chat;
    message.seq = row.integer(1);
    message.sender = row.id<UserId>(2);
    message.client_id = row.optional_text(3);
    message.text = row.text(4);
    message.type = parse_message_type(row.text(5));
    message.created_at = row.time(6);
    return message;
}

}  // namespace ping::storage
