#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/id.hpp"

#include <optional>
#include <string>

namespace ping {

enum class Role { user, seller, admin };

struct User {
    UserId id;
    std::string name;
    std::optional<std::string> email;  ///< normalised (auth/email_address.hpp); never sent to others
    std::optional<std::string> phone;  ///< E.164; never sent to others
    std::optional<std::string> avatar;
    Role role = Role::user;
    Time created_at;
    Time updated_at;
    std::optional<Time> last_seen_at;
};

}  // namespace ping
