#pragma once

#include "ping/core/error.hpp"
#include "ping/domain/session.hpp"
#include "ping/domain/user.hpp"
#include "ping/runtime/task.hpp"

#include <chrono>
#include <optional>
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

/// Rows of sessions are kept so long beyond their end, so that a clock that is set back finds the revoked
/// ones and brings none of them alive.
inline constexpr std::chrono::hours kept_after_end{24};

/// A session that was ended before its time, and when its tokens end by themselves.
struct EndedSession {
    SessionId id;
    Time expires_at;
    bool operator==(const EndedSession&) const = default;
};

struct SeenSession {
    SessionId id;
    Time at;
};

struct OpenedSession {
    User user;
    Session session;
    bool user_created = false;
    std::vector<EndedSession> evicted;  ///< sessions this login revoked
};

/// Logins. Thread and common errors as in UserStore.
class SessionStore {
public:
    virtual ~SessionStore() = default;

    /// conflict when `otp_id` has opened a session before: a code is spent once, whatever the code store
    /// says.
    virtual Task<Result<OpenedSession>> open(Login login) = 0;
    /// Sets `revoked_at` where it is not set. Durable when it returns. Nothing when there was no such live
    /// session.
    virtual Task<Result<std::optional<EndedSession>>> revoke(UserId user, SessionId session, Time now) = 0;
    /// Revokes all live sessions of the user and returns them.
    virtual Task<Result<std::vector<EndedSession>>> revoke_all(UserId user, Time now) = 0;
    /// The user's live sessions, newest first.
    virtual Task<Result<std::vector<Session>>> list(UserId user, Time now) = 0;
    /// Revoked sessions whose tokens expire after `now - kept_after_end`: what the in-memory check starts
    /// with.
    virtual Task<Result<std::vector<EndedSession>>> list_revoked(Time now) = 0;
    /// Moves `last_seen_at` forward, never back. Sessions that are gone are left out.
    virtual Task<Result<void>> note_seen(std::vector<SeenSession> sessions) = 0;
};

}  // namespace ping::storage
