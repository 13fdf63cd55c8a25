#pragma once

#include "contract/adapters.hpp"
#include "support/catch_result.hpp"
#include "support/run_all.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>
#include <string_view>

namespace ping::test {

/// Texts that break out of a statement that was built from strings (T47), or that a careless store cuts.
inline const std::array<std::string, 10> hostile_texts{
    "'; DROP TABLE users; --",
    "' OR '1'='1",
    "\" OR \"\"=\"",
    "'\";--",
    "%_\\%",
    "); DELETE FROM messages; --",
    "{\"$ne\": null}",
    std::string("nul\0byte", 8),
    "line\nbreak\r\n\x1b[31m",
    "Ünïcødé 📷 \xE2\x80\xAE",
};

inline storage::Login make_login(StorageFixture& fixture, const std::string& email,
                                 const std::string& name = "Ada") {
    storage::Login login;
    login.email = email;
    login.fresh_user = fixture.make_id<UserId>();
    login.fresh_name = name;
    login.session = fixture.make_id<SessionId>();
    login.otp_id = login.session.to_string();
    login.device = "Firefox";
    login.now = fixture.clock.now();
    login.expires_at = login.now + std::chrono::hours(24 * 15);
    return login;
}

/// Users come into being by logging in.
inline storage::OpenedSession log_in(StorageFixture& fixture, const storage::Login& login) {
    const auto opened = run(fixture.loop, [&] { return fixture.sessions().open(login); });
    REQUIRE(opened);
    return *opened;
}

inline User make_user(StorageFixture& fixture, const std::string& email, const std::string& name = "Ada") {
    return log_in(fixture, make_login(fixture, email, name)).user;
}

}  // namespace ping::test
