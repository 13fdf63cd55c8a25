#pragma once

#include "ping/domain/user.hpp"

#include <boost/json/value.hpp>

namespace ping::users {

/// Whether `lastSeenAt` goes along: only to those who are shown the person's presence.
enum class ShowLastSeen { no, yes };
/// API.md §2's User as others see it: no e-mail, no phone, no role.
boost::json::value user_json(const User& user, ShowLastSeen show_last_seen = ShowLastSeen::no);
/// The same with e-mail, phone and role, for the user alone.
boost::json::value own_user_json(const User& user);
/// What stands in the place of a user who is gone; never null.
boost::json::value deleted_user_json(UserId id);

}  // namespace ping::users
