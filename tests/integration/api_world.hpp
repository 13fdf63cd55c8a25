#pragma once

#include "integration/two_people.hpp"
#include "support/form.hpp"

#include <chrono>
#include <map>
#include <string>

namespace ping::test {

/// What the examples in config/api speak of, made real: Ana, who asks, and Bo have a chat with one message
/// of Bo's.
class ApiWorld {
public:
    ApiWorld() {
        const auto sent =
            people_.bo.api.post("/api/v1/message", {{"chatId", people_.chat}, {"text", "Hello Ana!"}});
        const auto sessions = people_.ana.api.get("/api/v1/me/sessions");
        real_ = {
            {"674b3a2f5c1d9e0a00000001", people_.ana.id},
            {"674b3a2f5c1d9e0a00000002", people_.bo.id},
            {"674b3a2f5c1d9e0a00000003", people_.chat},
            {"674b3a2f5c1d9e0a00000004", text_at(sent.json, "/message/_id")},
            {"674b3a2f5c1d9e0a00000005", text_at(sessions.json, "/sessions/0/sid")},
            {"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJwaW5nIn0.c2lnbmF0dXJl", people_.ana.token}};
        people_.app.advance(std::chrono::seconds(61));  // Ana may ask for a code again
    }

    /// The text with the ids, codes and tokens of the examples replaced by those of this world.
    std::string translate(std::string text) {
        if (text.find(example_code) != std::string::npos) {
            ask_for_code();
        }
        if (text.find(example_image) != std::string::npos) {
            send_image();
        }
        for (const auto& [example, real] : real_) {
            for (auto at = text.find(example); at != std::string::npos; at = text.find(example, at)) {
                text.replace(at, example.size(), real);
                at += real.size();
            }
        }
        return text;
    }
    TwoPeople& people() { return people_; }

private:
    static constexpr auto example_code = "123456";
    static constexpr auto example_image = "0123456789abcdef0123456789abcdef";

    static std::string text_at(const boost::json::value& json, const std::string& pointer) {
        return std::string(json.at_pointer(pointer).as_string());
    }
    void ask_for_code() {
        const std::string email = "ana@example.com";
        const auto old = people_.app.wait_for_code(email);
        const auto asked = people_.app.client().post("/api/v1/login", {{"email", email}});
        real_["9f86d081884c7d659a2feaa0c55ad015"] = text_at(asked.json, "/flowId");
        real_[example_code] = people_.app.wait_for_code(email, old);
    }

    /// A GIF of one pixel.
    void send_image() {
        const std::string gif("GIF89a\1\0\1\0\x80\0\0\xFF\0\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;", 35);
        const auto sent = Form().field("chatId", people_.chat).file("image", gif).post(people_.ana.api);
        const auto url = text_at(sent.json, "/message/image/url");
        const auto thumbnail = text_at(sent.json, "/message/image/thumbUrl");
        real_[example_image] = text_at(sent.json, "/message/image/publicId");
        real_["1796256000"] = url.substr(url.find("exp=") + 4, 10);
        real_["c2lnbmF0dXJlb2ZpbWFnZQ"] = url.substr(url.find("sig=") + 4);
        real_["c2lnbmF0dXJlb2Z0aHVtYg"] = thumbnail.substr(thumbnail.find("sig=") + 4);
    }

    TwoPeople people_;
    std::map<std::string, std::string> real_;
};

}  // namespace ping::test
