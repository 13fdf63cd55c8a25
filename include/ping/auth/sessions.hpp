#pragma once

#include "ping/auth/session_activity.hpp"
#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"
#include "ping/core/identity.hpp"
#include "ping/crypto/jwt.hpp"
#include "ping/runtime/task.hpp"
#include "ping/storage/session_store.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ping::auth {

/// Which tokens count. A token is checked without asking a store: its signature, its times, and that its
/// session is not among the revoked ones, which are kept in memory and written through before a revocation is
/// answered (TRUST.md §4.4). Loop thread.
class Sessions {
public:
    Sessions(crypto::Jwt jwt, storage::SessionStore& store, SessionActivity& activity, const Clock& clock);

    /// Fills the set of revoked sessions. Before the first `check`.
    Task<Result<void>> load();
    /// The identity, or unauthenticated: "Please Login - JWT error" or "Please Login - Session expired".
    /// Notes that the session was heard of.
    Result<Identity> check(std::string_view token);
    std::string sign(const Identity& identity) const;

    /// The user's live sessions, newest first, each with the time at which it was last heard of.
    Task<Result<std::vector<Session>>> list(UserId user);
    /// Ends one session of the user: durable, and effective on the next `check`, when it returns. False when
    /// there was no such live session.
    Task<Result<bool>> revoke(UserId user, SessionId session);
    /// Ends the session that asks for it.
    Task<Result<void>> revoke_own(Identity identity);
    /// Ends all sessions of the user who asks for it.
    Task<Result<void>> revoke_all(Identity identity);
    /// Takes note of sessions that the store has revoked already.
    void forget(UserId user, const std::vector<storage::EndedSession>& sessions);

    /// Called for each session that ends, so that its sockets are closed. Set once, at start.
    void on_ended(std::function<void(UserId, SessionId)> callback) { on_ended_ = std::move(callback); }

private:
    void forget_own(const Identity& identity);
    void remember(const storage::EndedSession& session);

    crypto::Jwt jwt_;
    storage::SessionStore& store_;
    SessionActivity& activity_;
    const Clock& clock_;
    std::function<void(UserId, SessionId)> on_ended_;
    std::unordered_map<SessionId, Time> revoked_;  ///< with the end of their tokens
    std::size_t purge_at_ = 1024;                  ///< size at which expired entries are looked for
};

}  // namespace ping::auth
