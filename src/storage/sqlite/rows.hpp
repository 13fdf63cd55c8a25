#pragma once

#include "ping/core/error.hpp"
#include "ping/domain/message.hpp"
#include "ping/domain/session.hpp"
#include "ping/domain/user.hpp"
#include "ping/sqlite/statement.hpp"

#include <string_view>

namespace ping::storage {

/// From the columns id, name, email, phone, avatar, role, created_at, updated_at, last_seen_at.
User read_user(const sqlite::Statement& row);
/// From the columns id, user_id, otp_id, device, created_at, expires_at, revoked_at.
Session read_session(const sqlite::Statement& row);
/// From the columns id, seq, sender, client_id, text, type, created_at.
Message read_message(const sqlite::Statement& row, ChatId chat);

MessageType parse_message_type(std::string_view text);

}  // namespace ping::storage
