#pragma once

#include "support/test_app.hpp"

#include <boost/json/parse.hpp>

#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace ping::test {

/// A Socket.IO session by polling alone, packet by packet. It has a GET waiting only while it reads.
class PollingClient {
public:
    using Headers = std::map<std::string, std::string>;
    static constexpr auto path = "/socket.io/?EIO=4&transport=polling";

    PollingClient(const TestApp& app, const std::string& query = {}, Headers headers = {})
        : app_(app), headers_(std::move(headers)) {
        const auto opened = app_.client().request("GET", path + query, headers_, {});
        if (opened.status != 200) {
            throw std::runtime_error("not opened: " + opened.text);
        }
        sid_ = boost::json::parse(opened.text.substr(1)).at("sid").as_string();
    }
    ApiAnswer post(const std::string& body) {
        return app_.client().request("POST", target(), headers_, body);
    }
    std::string poll() { return app_.client().request("GET", target(), headers_, {}).text; }
    /// Polls until this has come; all that came.
    std::string wait_for(const std::string& text) {
        while (heard_.find(text) == std::string::npos) {
            heard_ += poll();
        }
        return heard_;
    }
    const std::string& sid() const { return sid_; }
    /// Where its GET and POST go.
    std::string target() const { return std::string(path) + "&sid=" + sid_; }

private:
    const TestApp& app_;
    Headers headers_;
    std::string sid_;
    std::string heard_;
};

}  // namespace ping::test
