#pragma once

#include "ping/core/clock.hpp"
#include "ping/core/error.hpp"
#include "ping/core/identity.hpp"
#include "ping/crypto/jwt.hpp"
#include "ping/runtime/task.hpp"
#include "ping/storage/session_store.hpp"

#include <chrono>
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
    Sessions(crypto::Jwt jwt, storage::SessionStore& store, const Clock& clock,
             std::chrono::seconds token_lifetime);

    /// Fills the set of revoked sessions. Before the first `check`.
    Task<Result<void>> load();
    /// The identity, or unauthenticated: "Please Login - JWT error" or "Please Login - Session expired".
    Result<Identity> check(std::string_view token) const;
    std::string sign(const Identity& identity) const;

    /// Ends one session: durable, and effective on the next `check`, when it returns.
    Task<Result<void>> revoke(Identity identity);
    /// Ends all sessions of the user.
    Task<Result<void>> revoke_all(Identity identity);
    /// Takes note of sessions that the store has revoked already.
    void forget(UserId user, const std::vector<SessionId>& sessions);

    /// Called for each session that ends, so that its sockets are closed. Set once, at start.
    void on_ended(std::function<void(UserId, SessionId)> callback) { on_ended_ = std::move(callback); }

private:
    void mark_revoked(UserId user, SessionId session);

    crypto::Jwt jwt_;
    storage::SessionStore& store_;
    const Clock& clock_;
    const std::chrono::seconds token_lifetime_;
    std::function<void(UserId, SessionId)> on_ended_;
    std::unordered_map<SessionId, Time> revoked_;  ///< until when a token of it could still be valid
    std::size_t purge_at_ = 1024;                  ///< size at which expired entries are looked for
};

}  // namespace ping::auth
