#include "ping/auth/controller.hpp"

#include "ping/core/json.hpp"
#include "ping/http/query.hpp"
#include "ping/http/session_cookie.hpp"
#include "ping/users/codec.hpp"

#include <boost/json/array.hpp>

namespace ping::auth {
namespace {

boost::json::value session_json(const Session& session, bool is_current) {
    return {{"sid", session.id.to_string()},
            {"device", session.device},
            {"createdAt", to_iso8601(session.created_at)},
            {"lastSeenAt", to_iso8601(session.last_seen_at.value_or(session.created_at))},
            {"expiresAt", to_iso8601(session.expires_at)},
            {"current", is_current}};
}

}  // namespace

Controller::Controller(Service& service, Sessions& sessions, const Config& config)
    : service_(service),
      sessions_(sessions),
      cookie_name_(http::session_cookie(config.server)),
      is_https_(config.server.public_url.starts_with("https://")),
      token_lifetime_(config.auth.token_lifetime) {}

Task<Result<http::Response>> Controller::login(http::Request& request) {
    const auto body = request.json();
    if (!body) {
        co_return body.error();
    }
    json::Reader reader(*body);
    LoginRequest login;
    login.email = reader.string("email", "Please enter a valid email address");
    login.client = request.client_network();
    if (auto checked = reader.finish(); !checked) {
        co_return checked.error();
    }
    const auto answer = co_await service_.login(std::move(login));
    if (!answer) {
        co_return answer.error();
    }
    const boost::json::value shown{{"message", "OTP has been sent to your email"},
                                   {"flowId", answer->flow_id},
                                   {"resendIn", answer->resend_in.count()},
                                   {"expiresIn", answer->expires_in.count()}};
    co_return http::json_response(200, shown);
}

Task<Result<http::Response>> Controller::verify(http::Request& request) {
    const auto body = request.json();
    if (!body) {
        co_return body.error();
    }
    json::Reader reader(*body);
    VerifyRequest verify;
    verify.email = reader.string("email", "Email and OTP Required");
    verify.otp = reader.string("otp", "Email and OTP Required");
    verify.flow_id = reader.optional_string("flowId").value_or("");
    verify.client = request.client_network();
    verify.device = request.header("user-agent");
    if (auto checked = reader.finish(); !checked) {
        co_return checked.error();
    }
    const auto answer = co_await service_.verify(std::move(verify));
    if (!answer) {
        co_return answer.error();
    }
    const boost::json::value shown{
        {"message", "User Verified"}, {"user", users::own_user_json(answer->user)}, {"token", answer->token}};
    auto response = http::json_response(200, shown);
    response.with_header("Set-Cookie", set_cookie(answer->token, token_lifetime_));
    co_return response;
}

Task<Result<http::Response>> Controller::logout(http::Request& request) {
    return log_out(*request.identity, &Sessions::revoke_own, "Logged out");
}

Task<Result<http::Response>> Controller::logout_all(http::Request& request) {
    return log_out(*request.identity, &Sessions::revoke_all, "Logged out on all devices");
}

Task<Result<http::Response>> Controller::log_out(Identity identity, Revoke revoke, std::string_view message) {
    const auto ended = co_await (sessions_.*revoke)(identity);
    if (!ended) {
        co_return ended.error();
    }
    co_return goodbye(message);
}

Task<Result<http::Response>> Controller::list_sessions(http::Request& request) {
    const auto sessions = co_await sessions_.list(request.identity->user);
    if (!sessions) {
        co_return sessions.error();
    }
    boost::json::array shown;
    for (const auto& session : *sessions) {
        shown.push_back(session_json(session, session.id == request.identity->session));
    }
    const boost::json::value body{{"sessions", std::move(shown)}};
    co_return http::json_response(200, body);
}

Task<Result<http::Response>> Controller::end_session(http::Request& request) {
    const auto id = http::path_id<SessionId>(request, "sid");
    if (!id) {
        co_return id.error();
    }
    const auto ended = co_await sessions_.revoke(request.identity->user, *id);
    if (!ended) {
        co_return ended.error();
    }
    if (!*ended) {
        co_return errors::not_found("Session not found");
    }
    if (*id == request.identity->session) {
        co_return goodbye("Session ended");
    }
    const boost::json::value shown{{"message", "Session ended"}};
    co_return http::json_response(200, shown);
}

http::Response Controller::goodbye(std::string_view message) const {
    auto response = http::json_response(200, boost::json::value{{"message", message}});
    response.with_header("Set-Cookie", set_cookie("", std::chrono::seconds(0)));
    return response;
}

std::string Controller::set_cookie(const std::string& token, std::chrono::seconds max_age) const {
    return std::string(cookie_name_) + "=" + token +
           "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(max_age.count()) +
           (is_https_ ? "; Secure" : "");
}

}  // namespace ping::auth
