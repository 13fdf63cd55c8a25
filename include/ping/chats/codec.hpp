#pragma once

#include "ping/chats/types.hpp"
#include "ping/realtime/event.hpp"

#include <boost/json/value.hpp>

#include <optional>

namespace ping::chats {

/// API.md §2's Message.
boost::json::value message_json(const Message& message);
/// The other way, as far as other nodes ask. Nothing when it is no Message.
std::optional<realtime::MessagePlace> read_message_place(const boost::json::value& message);
/// The other one in a ChatRow, likewise.
std::optional<UserId> read_row_user(const boost::json::value& row);
/// API.md §2's ChatRow.
boost::json::value row_json(const Row& row);

}  // namespace ping::chats
