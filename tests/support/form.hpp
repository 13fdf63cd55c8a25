#pragma once

#include "support/api_client.hpp"

#include <string>
#include <utility>
#include <vector>

namespace ping::test {

/// A multipart/form-data body in the making.
class Form {
public:
    static constexpr const char* boundary = "----ping-test-7MA4YWxkTrZu0gW";

    Form& field(const std::string& name, const std::string& value) {
        return part("Content-Disposition: form-data; name=\"" + name + "\"", value);
    }
    /// `file_name` goes in as it is.
    Form& file(const std::string& name, const std::string& content,
               const std::string& file_name = "photo.jpg", const std::string& type = "image/jpeg") {
        return part("Content-Disposition: form-data; name=\"" + name + "\"; filename=\"" + file_name +
                        "\"\r\nContent-Type: " + type,
                    content);
    }
    Form& part(const std::string& head, const std::string& content) {
        parts_ += "--" + std::string(boundary) + "\r\n" + head + "\r\n\r\n" + content + "\r\n";
        return *this;
    }
    std::string body() const { return parts_ + "--" + boundary + "--\r\n"; }
    static std::string type() { return "multipart/form-data; boundary=" + std::string(boundary); }

    ApiAnswer post(const ApiClient& api, const std::string& target = "/api/v1/message") const {
        return api.post_text(target, body(), type());
    }

private:
    std::string parts_;
};

}  // namespace ping::test
