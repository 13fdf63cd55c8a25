#pragma once

#include "ping/chats/types.hpp"

#include <boost/json/value.hpp>

namespace ping::chats {

/// API.md §2's Message. `seen_up_to`: how far the others have read.
boost::json::value message_json(const Message& message, Seq seen_up_to);
/// API.md §2's ChatRow.
boost::json::value row_json(const Row& row);

}  // namespace ping::chats
