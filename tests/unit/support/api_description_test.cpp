// The checks of what the server says find what they are for: each of these differs in one thing from what
// config/api describes.
#include "support/api_description.hpp"

#include "support/api_documents.hpp"
#include "support/event_description.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <string>

using namespace ping::test;

namespace {

const std::string chat = "674b3a2f5c1d9e0a00000003";

ApiAnswer answer(int status, const std::string& text, const std::string& type = "application/json") {
    ApiAnswer answer;
    answer.status = status;
    answer.headers = {{"x-request-id", "1"}, {"content-type", type}};
    answer.text = text;
    boost::system::error_code not_json;
    answer.json = boost::json::parse(text, not_json);
    return answer;
}

ApiAnswer problem(int status, const std::string& code) {
    return answer(status,
                  R"({"message": "m", "code": ")" + code + R"(", "status": )" + std::to_string(status) +
                      R"(, "requestId": "1"})",
                  "application/problem+json");
}

const ApiRequest seen{"POST", "/api/v1/chat/" + chat + "/seen", "application/json", R"({"seq": 1})"};
const std::string moved = R"({"readSeq": 1, "unseenCount": 0})";

void require_noticed(const ApiRequest& request, const ApiAnswer& given, const std::string& complaint) {
    CHECK_THROWS_WITH(check_described(request, given), Catch::Contains(complaint));
}

}  // namespace

TEST_CASE("api description: an answer as described", "[support]") {
    CHECK_NOTHROW(check_described(seen, answer(200, moved)));
    CHECK_NOTHROW(check_described(seen, problem(403, "forbidden")));
    CHECK_NOTHROW(check_described(seen, problem(500, "internal")));
    CHECK_NOTHROW(check_described({"GET", "/api/v1/nothing", "", ""}, problem(404, "not_found")));
    CHECK_NOTHROW(check_described({"HEAD", "/healthz", "", ""}, answer(200, "")));
    CHECK_NOTHROW(check_described({"GET", "/login", "", ""}, answer(200, "<p>", "text/html")));
}

TEST_CASE("api description: each way in which an answer can differ is noticed", "[support]") {
    require_noticed(seen, answer(202, moved), "Content-Type");
    require_noticed(seen, answer(200, R"({"readSeq": 1})"), "body /: unseenCount is missing");
    require_noticed(seen, answer(200, R"({"readSeq": 1, "unseenCount": 0, "x": 1})"),
                    "body /: x is not described");
    require_noticed(seen, answer(200, R"({"readSeq": -1, "unseenCount": 0})"), "/readSeq: -1 is less than 0");
    require_noticed(seen, answer(200, moved, "text/plain"), "text/plain");
    require_noticed(seen, problem(400, "bad_email"), "bad_email");
    require_noticed(seen, problem(409, "conflict"), "conflict");
    require_noticed(seen, answer(404, R"({"message": "m"})", "application/problem+json"), "code is missing");
    require_noticed(seen, problem(429, "mark_limit"), "Retry-After");
    auto nameless = answer(200, moved);
    nameless.headers.erase("x-request-id");
    require_noticed(seen, nameless, "X-Request-Id");
    require_noticed({"POST", seen.target, "application/json", R"({"seq": "1"})"}, answer(200, moved),
                    R"(accepted request /seq: "1" is not of type integer)");
    require_noticed({"GET", "/api/v1/me", "", ""}, problem(401, "unauthenticated"), "WWW-Authenticate");
    require_noticed({"GET", "/api/v1/new", "", ""}, answer(200, "{}"), "Content-Type");
    require_noticed({"GET", "/api/v1/new", "", ""}, problem(403, "forbidden"), "no such operation");
    require_noticed({"GET", "/login", "", ""}, answer(404, "<p>", "text/html"), "Content-Type");
    require_noticed({"HEAD", "/healthz", "", ""}, answer(200, "", "text/plain"), "text/plain");
}

TEST_CASE("event description: what comes on a socket is checked with what was asked", "[support]") {
    NativeTranscript transcript;
    const auto in_chat = R"({"chatId": ")" + chat + "\"}";
    transcript.sent(R"({"event": "joinChat", "data": ")" + chat + R"(", "ack": 1})");
    transcript.sent(R"({"event": "seen", "data": )" + in_chat + R"(, "ack": 1})");
    CHECK_NOTHROW(transcript.received(R"({"ack": 1, "data": )" + in_chat + "}"));
    CHECK_THROWS_WITH(transcript.received(R"({"ack": 1, "data": {"readSeq": 1, "unseenCount": 0}})"),
                      Catch::Contains("the accepted data of seen") && Catch::Contains("seq is missing"));
    CHECK_THROWS_WITH(transcript.received(R"({"ack": 1, "data": 0})"), Catch::Contains("nobody asked"));
    CHECK_NOTHROW(transcript.closed(4401));
    CHECK_NOTHROW(transcript.closed(0));
    CHECK_THROWS_AS(transcript.closed(4000), Undescribed);
}

TEST_CASE("event description: each way in which a frame can differ is noticed", "[support]") {
    NativeTranscript transcript;
    const auto require_noticed = [&](const std::string& frame, const std::string& complaint) {
        CHECK_THROWS_WITH(transcript.received(frame), Catch::Contains(complaint));
    };
    require_noticed(R"({"event": "newThing", "data": 1})", "the server does not say it");
    require_noticed(R"({"event": "joinChat", "data": ")" + chat + "\"}", "the server does not say it");
    require_noticed(R"({"event": "getOnlineUser", "data": ["x"]})", "/0: \"x\" does not match");
    require_noticed(R"({"event": "getOnlineUser", "data": [], "x": 1})", "a frame");
    transcript.sent(R"({"event": "leaveChat", "ack": 2})");
    require_noticed(R"({"ack": 2, "error": {"message": "m", "code": "message_limit"}})", "message_limit");
    transcript.sent(R"({"event": "noSuchEvent", "ack": 3})");
    CHECK_NOTHROW(transcript.received(R"({"ack": 3, "error": {"message": "m", "code": "unknown_event"}})"));
}
