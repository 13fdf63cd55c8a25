#include "realtime/socketio/visitor.hpp"

#include "ping/core/json.hpp"
#include "ping/core/log.hpp"
#include "realtime/socketio/member.hpp"

#include <functional>
#include <utility>

namespace ping::realtime::socketio {
namespace {

// The family's frontends keep their token in it. A page on another port of this host sends it too, but only
// with a WebSocket's handshake.
constexpr std::string_view token_cookie = "token";
// A polling client without identity may be about to upgrade: its CONNECT waits so long (TRUST.md T29).
constexpr std::chrono::seconds upgrade_patience{10};
// Of an identity that no token vouches for.
constexpr std::chrono::hours trusted_for{24};

bool is_websocket(const http::Request& handshake) {
    return handshake.query("transport") == "websocket";
}

/// `auth.token` of the CONNECT packet; nothing when there is none.
Result<std::optional<std::string>> read_token(const std::string& auth) {
    const auto document = json::parse(auth);
    if (!document) {
        return document.error();
    }
    const auto* const object = document->if_object();
    const auto* const token = object == nullptr ? nullptr : object->if_contains("token");
    if (token == nullptr || token->is_null()) {
        return std::optional<std::string>();
    }
    const auto* const text = token->if_string();
    if (text == nullptr) {
        return errors::unauthenticated("Please Login - JWT error");
    }
    return std::optional(std::string(*text));
}

}  // namespace

Visitor::Visitor(Gateway& gateway, const http::Request& handshake)
    : gateway_(gateway),
      services_(gateway.services_),
      query_(handshake.query("userId")),
      fingerprint_(std::hash<std::string>()(handshake.client_network() + '\n' +
                                            std::string(handshake.header("user-agent")))),
      is_polling_(!is_websocket(handshake)),
      changed_(gateway.services_.loop) {
    if (const auto bearer = handshake.bearer_token()) {
        bearer_ = std::string(*bearer);
    }
    read_cookie(handshake);
}

void Visitor::read_cookie(const http::Request& handshake) {
    if (is_websocket(handshake) && handshake.origin == http::Origin::allowed) {
        cookie_ = handshake.cookie(token_cookie);
    }
}

void Visitor::on_upgraded(const http::Request& handshake) {
    is_polling_ = false;
    read_cookie(handshake);
    changed_.set();
}

void Visitor::on_closed() {
    is_over_ = true;
    changed_.set();
}

Task<Result<std::shared_ptr<SocketListener>>> Visitor::on_connect(std::shared_ptr<Socket> socket,
                                                                  std::string auth) {
    const auto identity = co_await identify(std::move(auth));
    if (!identity) {
        co_return identity.error();
    }
    if (is_over_) {
        co_return errors::unauthenticated("The connection is over");
    }
    const Device device{identity->user, fingerprint_};
    auto member = std::make_shared<Member>(gateway_, std::move(socket), *identity, device);
    if (const auto joined = member->join(); !joined) {
        co_return joined.error();
    }
    co_return member;
}

Task<Result<Identity>> Visitor::identify(std::string auth) {
    auto token = read_token(auth);
    if (!token) {
        co_return token.error();
    }
    if (!*token) {
        *token = bearer_;
    }
    const bool may_wait = !*token && cookie_.empty() && !services_.trusts_query_user_id;
    if (may_wait && is_polling_) {
        co_await changed_.wait_for(upgrade_patience);
    }
    if (!*token && !cookie_.empty()) {
        *token = cookie_;
    }
    if (*token) {
        auto identity = co_await services_.authenticate(std::move(**token));
        co_return identity;
    }
    if (services_.trusts_query_user_id) {
        auto identity = co_await trust_query();
        co_return identity;
    }
    co_return errors::unauthenticated("Please Login - No auth header");
}

Task<Result<Identity>> Visitor::trust_query() {
    const auto user = query_ ? UserId::parse(*query_) : std::nullopt;
    if (!user) {
        co_return errors::unauthenticated("Please Login - No auth header");
    }
    const auto is_there = co_await services_.find_user(*user);
    if (!is_there) {
        co_return is_there.error();
    }
    if (!*is_there) {
        co_return errors::unauthenticated("Please Login - No auth header");
    }
    log::warn("socketio.trusted_query_user_id", {{"user", user->to_string()}});
    Identity identity;
    identity.user = *user;
    identity.expires_at = services_.loop.clock().now() + trusted_for;
    co_return identity;
}

}  // namespace ping::realtime::socketio
