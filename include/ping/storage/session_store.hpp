#pragma once

#include "ping/core/error.hpp"
#include "ping/domain/session.hpp"
#include "ping/domain/user.hpp"
#include "ping/runtime/task.hpp"

#include <string>
#include <vector>

namespace ping::storage {

/// A login that has passed its code: everything one transaction needs to find or create the user and open a
/// session.
struct Login {
    std::string email;       ///< normalised
    UserId fresh_user;       ///< id for the user, if there is none yet with this address
    std::string fresh_name;  ///< name for the user, likewise
    SessionId session;
    std::string otp_id;
    std::string device;
    Time now;
    Time expires_at;
    int max_sessions = 10;  ///< live sessions a user may have; the oldest beyond it are revoked
};

struct OpenedSession {
    User user;
    Session session;
    bool user_created = false;
    std::vector<SessionId> evicted;  ///< sessions this login revoked
};

/// Logins. Thread and common errors as in UserStore.
class SessionStore {
public:
    virtual ~SessionStore() = default;

    /// conflict when `otp_id` has opened a session before: a code is spent once, whatever the code store
    /// says.
    virtual Task<Result<OpenedSession>> open(Login login) = 0;
    /// Sets `revoked_at` where it is not set. Durable when it returns. False when there was no such live
    /// session.
    virtual Task<Result<bool>> revoke(UserId user, SessionId session, Time now) = 0;
    /// Revokes all live sessions of the user and returns them.
    virtual Task<Result<std::vector<SessionId>>> revoke_all(UserId user, Time now) = 0;
    /// The user's live sessions, newest first.
    virtual Task<Result<std::vector<Session>>> list(UserId user, Time now) = 0;
    /// Revoked sessions whose tokens have not expired yet: what the in-memory check starts with.
    virtual Task<Result<std::vector<Session>>> list_revoked(Time now) = 0;
};

}  // namespace ping::storage
