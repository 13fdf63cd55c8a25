#include "ping/auth/sessions.hpp"

#include <algorithm>

namespace ping::auth {

Sessions::Sessions(crypto::Jwt jwt, storage::SessionStore& store, const Clock& clock,
                   std::chrono::seconds token_lifetime)
    : jwt_(std::move(jwt)), store_(store), clock_(clock), token_lifetime_(token_lifetime) {}

Task<Result<void>> Sessions::load() {
    const auto revoked = co_await store_.list_revoked(clock_.now());
    if (!revoked) {
        co_return revoked.error();
    }
    for (const auto& session : *revoked) {
        revoked_.emplace(session.id, session.expires_at);
    }
    co_return ok();
}

Result<Identity> Sessions::check(std::string_view token) const {
    auto identity = jwt_.verify(token, clock_.now());
    if (identity && revoked_.contains(identity->session)) {
        return errors::unauthenticated("Please Login - Session expired", "session_expired");
    }
    return identity;
}

std::string Sessions::sign(const Identity& identity) const {
    return jwt_.sign(identity, clock_.now());
}

Task<Result<void>> Sessions::revoke(Identity identity) {
    const auto revoked = co_await store_.revoke(identity.user, identity.session, clock_.now());
    if (!revoked) {
        co_return revoked.error();
    }
    mark_revoked(identity.user, identity.session);
    co_return ok();
}

Task<Result<void>> Sessions::revoke_all(Identity identity) {
    const auto revoked = co_await store_.revoke_all(identity.user, clock_.now());
    if (!revoked) {
        co_return revoked.error();
    }
    forget(identity.user, *revoked);
    co_return ok();
}

void Sessions::forget(UserId user, const std::vector<SessionId>& sessions) {
    for (const auto& session : sessions) {
        mark_revoked(user, session);
    }
}

void Sessions::mark_revoked(UserId user, SessionId session) {
    const auto now = clock_.now();
    if (revoked_.size() >= purge_at_) {
        std::erase_if(revoked_, [now](const auto& entry) { return entry.second < now; });
        purge_at_ = std::max<std::size_t>(1024, 2 * revoked_.size());
    }
    // No token of the session was made later than now, so none outlives this.
    revoked_.emplace(session, now + token_lifetime_);
    if (on_ended_) {
        on_ended_(user, session);
    }
}

}  // namespace ping::auth
