#include "ping/auth/sessions.hpp"

#include "ping/core/failpoint.hpp"

#include <algorithm>

namespace ping::auth {

Sessions::Sessions(crypto::Jwt jwt, storage::SessionStore& store, SessionActivity& activity,
                   const Clock& clock)
    : jwt_(std::move(jwt)), store_(store), activity_(activity), clock_(clock) {}

Task<Result<void>> Sessions::load() {
    const auto revoked = co_await store_.list_revoked(clock_.now());
    if (!revoked) {
        co_return revoked.error();
    }
    for (const auto& session : *revoked) {
        remember(session);
    }
    co_return ok();
}

Result<Identity> Sessions::check(std::string_view token) {
    auto identity = jwt_.verify(token, clock_.now());
    if (!identity) {
        return identity;
    }
    if (revoked_.contains(identity->session)) {
        return errors::unauthenticated("Please Login - Session expired", "session_expired");
    }
    activity_.note(identity->session);
    return identity;
}

std::string Sessions::sign(const Identity& identity) const {
    return jwt_.sign(identity, clock_.now());
}

Task<Result<std::vector<Session>>> Sessions::list(UserId user) {
    auto sessions = co_await store_.list(user, clock_.now());
    if (!sessions) {
        co_return sessions.error();
    }
    for (auto& session : *sessions) {
        if (const auto seen = activity_.last_seen(session.id)) {
            session.last_seen_at = *seen;
        }
    }
    co_return sessions;
}

Task<Result<bool>> Sessions::revoke(UserId user, SessionId session) {
    const auto ended = co_await store_.revoke(user, session, clock_.now());
    if (!ended) {
        co_return ended.error();
    }
    PING_FAILPOINT(S1);
    if (*ended) {
        forget(user, {**ended});
    }
    co_return ended->has_value();
}

Task<Result<void>> Sessions::revoke_own(Identity identity) {
    const auto revoked = co_await revoke(identity.user, identity.session);
    if (!revoked) {
        co_return revoked.error();
    }
    forget_own(identity);
    co_return ok();
}

Task<Result<void>> Sessions::revoke_all(Identity identity) {
    const auto ended = co_await store_.revoke_all(identity.user, clock_.now());
    if (!ended) {
        co_return ended.error();
    }
    PING_FAILPOINT(S1);
    forget(identity.user, *ended);
    forget_own(identity);
    co_return ok();
}

void Sessions::forget_own(const Identity& identity) {
    // A database that was restored from a backup may not know the session; its token is good all the same.
    if (!revoked_.contains(identity.session)) {
        forget(identity.user, {{identity.session, identity.expires_at}});
    }
}

void Sessions::forget(UserId user, const std::vector<storage::EndedSession>& sessions) {
    for (const auto& session : sessions) {
        remember(session);
        if (on_ended_) {
            on_ended_(user, session.id);
        }
    }
}

void Sessions::remember(const storage::EndedSession& session) {
    if (revoked_.size() >= purge_at_) {
        const auto now = clock_.now();
        std::erase_if(revoked_,
                      [now](const auto& entry) { return entry.second + storage::kept_after_end < now; });
        purge_at_ = std::max<std::size_t>(1024, 2 * revoked_.size());
    }
    revoked_.emplace(session.id, session.expires_at);
}

}  // namespace ping::auth
