#pragma once

#include "ping/domain/user.hpp"

#include <chrono>
#include <string>

namespace ping::auth {

struct LoginRequest {
    std::string email;   ///< as typed
    std::string client;  ///< whom limits per network address count (http::Request::client_network)
};

struct LoginAnswer {
    std::string flow_id;
    std::chrono::seconds resend_in;
    std::chrono::seconds expires_in;
};

struct VerifyRequest {
    std::string email;
    std::string otp;
    std::string flow_id;  ///< empty: the guess counts as unbound
    std::string client;
    std::string device;  ///< User-Agent
};

struct VerifyAnswer {
    User user;
    std::string token;
};

}  // namespace ping::auth
