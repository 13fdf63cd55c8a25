#include "ping/auth/controller.hpp"

#include "ping/core/json.hpp"
#include "ping/http/session_cookie.hpp"
#include "ping/users/codec.hpp"

namespace ping::auth {

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
    const auto ended = co_await sessions_.revoke(*request.identity);
    if (!ended) {
        co_return ended.error();
    }
    const boost::json::value shown{{"message", "Logged out"}};
    auto response = http::json_response(200, shown);
    response.with_header("Set-Cookie", set_cookie("", std::chrono::seconds(0)));
    co_return response;
}

Task<Result<http::Response>> Controller::logout_all(http::Request& request) {
    const auto ended = co_await sessions_.revoke_all(*request.identity);
    if (!ended) {
        co_return ended.error();
    }
    const boost::json::value shown{{"message", "Logged out on all devices"}};
    auto response = http::json_response(200, shown);
    response.with_header("Set-Cookie", set_cookie("", std::chrono::seconds(0)));
    co_return response;
}

std::string Controller::set_cookie(const std::string& token, std::chrono::seconds max_age) const {
    return std::string(cookie_name_) + "=" + token +
           "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(max_age.count()) +
           (is_https_ ? "; Secure" : "");
}

}  // namespace ping::auth
