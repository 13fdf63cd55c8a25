#include "ping/users/codec.hpp"

#include <boost/json/object.hpp>

namespace ping::users {
namespace {

std::string_view to_string(Role role) {
    switch (role) {
        case Role::seller:
            return "seller";
        case Role::admin:
            return "admin";
        case Role::user:
            break;
    }
    return "user";
}

boost::json::object shared_fields(const User& user) {
    boost::json::object object{{"_id", user.id.to_string()}, {"name", user.name}};
    if (user.avatar) {
        object["avatar"] = *user.avatar;
    }
    object["createdAt"] = to_iso8601(user.created_at);
    object["updatedAt"] = to_iso8601(user.updated_at);
    object["__v"] = 0;
    return object;
}

}  // namespace

boost::json::value user_json(const User& user, ShowLastSeen show_last_seen) {
    auto object = shared_fields(user);
    if (show_last_seen == ShowLastSeen::yes && user.last_seen_at) {
        object["lastSeenAt"] = to_iso8601(*user.last_seen_at);
    }
    return object;
}

boost::json::value own_user_json(const User& user) {
    auto object = shared_fields(user);
    if (user.email) {
        object["email"] = *user.email;
    }
    if (user.phone) {
        object["phone"] = *user.phone;
    }
    object["role"] = to_string(user.role);
    return object;
}

boost::json::value deleted_user_json(UserId id) {
    return {{"_id", id.to_string()}, {"name", "Deleted user"}};
}

}  // namespace ping::users
