#pragma once

#include "support/at_once.hpp"
#include "support/test_app.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace ping::test {

inline const std::string ana = "ana@example.com";

inline boost::json::value guess(const std::string& email, const std::string& code,
                                const std::string& flow = {}) {
    boost::json::object body{{"email", email}, {"otp", code}};
    if (!flow.empty()) {
        body["flowId"] = flow;
    }
    return body;
}

/// Different codes, none of them `right`.
inline std::vector<std::string> wrong_codes(int count, const std::string& right) {
    std::vector<std::string> codes;
    for (int number = 0; static_cast<int>(codes.size()) < count; ++number) {
        const auto digits = std::to_string(number);
        const auto code = std::string(6 - digits.size(), '0') + digits;
        if (code != right) {
            codes.push_back(code);
        }
    }
    return codes;
}

inline std::vector<std::string> guesses(const std::string& email, const std::vector<std::string>& codes,
                                        const std::string& flow = {}) {
    std::vector<std::string> requests;
    for (const auto& code : codes) {
        requests.push_back(request_text("POST", "/api/v1/verify", guess(email, code, flow)));
    }
    return requests;
}

/// An account with a fresh code.
struct Target {
    explicit Target(TestApp& app, std::string address = ana) : email(std::move(address)) {
        const auto asked = app.client().post("/api/v1/login", {{"email", email}});
        REQUIRE(asked.status == 200);
        flow = asked.json.at("flowId").as_string().c_str();
        code = app.wait_for_code(email);
    }
    std::string email;
    std::string flow;
    std::string code;
};

inline int verify(const TestApp& app, const std::string& email, const std::string& code,
                  const std::string& flow = {}) {
    return app.client().post("/api/v1/verify", guess(email, code, flow)).status;
}

}  // namespace ping::test
