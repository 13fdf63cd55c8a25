#pragma once

#include <boost/json/value.hpp>

#include <map>
#include <string>

namespace ping::test {

/// What came back: status, headers in lower case, body as JSON where it is some.
struct ApiAnswer {
    int status = 0;
    std::map<std::string, std::string> headers;
    std::string text;
    boost::json::value json;

    std::string message() const;
};

/// A blocking HTTP client with one connection per request and a receive time-out of 10 s of real time. Every
/// answer is checked against config/api/openapi.json: what that does not describe is thrown as Undescribed.
class ApiClient {
public:
    /// `address` is host:port; `token` goes into Authorization when it is not empty.
    explicit ApiClient(std::string address, std::string token = {});

    ApiAnswer get(const std::string& target) const { return request("GET", target, {}, {}); }
    ApiAnswer post(const std::string& target, const boost::json::value& body) const;
    ApiAnswer post_text(const std::string& target, const std::string& body,
                        const std::string& content_type = "application/json") const;
    ApiAnswer request(const std::string& method, const std::string& target,
                      const std::map<std::string, std::string>& headers, const std::string& body) const;
    const std::string& address() const { return address_; }
    const std::string& token() const { return token_; }

private:
    std::string address_;
    std::string token_;
};

}  // namespace ping::test
