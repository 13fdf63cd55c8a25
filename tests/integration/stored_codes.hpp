#pragma once

#include "support/database_file.hpp"
#include "support/test_app.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace ping::test {

/// The application's codes and limits, seen and changed behind its back, in whichever engine keeps them.
class StoredCodes {
public:
    explicit StoredCodes(TestApp& app) : redis_(app.redis()), file_(app.database_file()) {}

    void lock(const std::string& email) const {
        const std::string far = "9000000000000";
        if (redis_ != nullptr) {
            redis_->run({"HSET", "otpf:" + email, "n", "15", "until", far});
        } else {
            file_.run("INSERT INTO otp_accounts SELECT '" + email +
                      "', '', '', '', nonce, mac, 0, 0, 0, 0, 15, 0, " + far + ", " + far +
                      " FROM otp_accounts WHERE subject = ' refused'");
        }
    }
    /// Failures of other accounts, three hours before `now`.
    void add_failures_of_all(int count, Time now) const {
        const auto hour = std::chrono::floor<std::chrono::hours>(now.time_since_epoch()).count() - 3;
        if (redis_ != nullptr) {
            redis_->run({"HSET", "otph:failures", std::to_string(hour), std::to_string(count)});
        } else {
            file_.run("INSERT INTO otp_hours VALUES (" + std::to_string(hour) + ", " + std::to_string(count) +
                      ", 0)");
        }
    }
    /// Keeps the address's code as it is now, for `restore`.
    void save(const std::string& email) {
        if (redis_ != nullptr) {
            saved_ = redis_->run({"HGETALL", "otp:" + email});
        } else {
            file_.run("CREATE TABLE saved AS SELECT * FROM otp_accounts WHERE subject = '" + email + "'");
        }
    }
    void restore(const std::string& email) const {
        if (redis_ != nullptr) {
            std::vector<std::string> command{"HSET", "otp:" + email};
            command.insert(command.end(), saved_.begin(), saved_.end());
            redis_->run(command);
        } else {
            file_.run("INSERT OR REPLACE INTO otp_accounts SELECT * FROM saved");
        }
    }
    bool is_empty() const {
        if (redis_ != nullptr) {
            return redis_->run_one({"DBSIZE"}) == "0";
        }
        // Nobody's account is there from the start.
        return file_.number(
                   "SELECT (SELECT count(*) FROM otp_accounts) - 1 + (SELECT count(*) FROM otp_mails)"
                   " + (SELECT count(*) FROM otp_hours)") == 0;
    }

private:
    RedisServer* redis_;
    DatabaseFile file_;
    std::vector<std::string> saved_;
};

}  // namespace ping::test
