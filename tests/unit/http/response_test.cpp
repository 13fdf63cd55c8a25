#include "ping/http/response.hpp"

#include "http/middleware/security_headers.hpp"
#include "http/refusal.hpp"
#include "http/response_head.hpp"
#include "unit/http/response_header.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

using namespace ping;
using namespace ping::http;
using ping::test::header;

TEST_CASE("response: an error's body says what a client may know and nothing else", "[http][response]") {
    const auto error = errors::invalid("Name is required", "no_name")
                           .with_field("name", "is required")
                           .with_detail("secret");
    const auto response = error_response(error, "id-1");
    CHECK(response.status == 400);
    CHECK(header(response, "Content-Type") == "application/problem+json");
    CHECK(response.body.find("secret") == std::string::npos);
    const auto body = boost::json::parse(response.body).as_object();
    CHECK(body.at("message").as_string() == "Name is required");
    CHECK(body.at("code").as_string() == "no_name");
    CHECK(body.at("status").as_int64() == 400);
    CHECK(body.at("requestId").as_string() == "id-1");
    CHECK(body.at("fields").as_array().at(0).as_object().at("field").as_string() == "name");
}

TEST_CASE("response: 429, 503 and 507 say when to come again", "[http][response]") {
    CHECK(header(error_response(errors::rate_limited("Slow down", std::chrono::seconds(60)), "i"),
                 "Retry-After") == "60");
    CHECK_FALSE(
        header(error_response(Error(ErrorCode::timeout, "timeout", "Late"), "i"), "Retry-After").empty());
    CHECK_FALSE(
        header(error_response(Error(ErrorCode::storage_full, "storage_full", "Full"), "i"), "Retry-After")
            .empty());
    CHECK_FALSE(header(refusal_response(Refusal(503, "stopping", "Stopping"), "i"), "Retry-After").empty());
    CHECK(header(error_response(errors::not_found("No"), "i"), "Retry-After").empty());
}

TEST_CASE("response: each error has its status", "[http][response]") {
    CHECK(status_of(ErrorCode::unauthenticated) == 401);
    CHECK(status_of(ErrorCode::unprocessable) == 422);
    CHECK(status_of(ErrorCode::storage_full) == 507);
    CHECK(status_of(ErrorCode::timeout) == 503);
    CHECK(status_of(ErrorCode::internal) == 500);
}

TEST_CASE("response: the head as it goes on the wire", "[http][response]") {
    Response response = text_response(200, "hello", "text/plain");
    CHECK(make_response_head(response, from_millis(784111777000), false) ==
          "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 5\r\n"
          "Content-Type: text/plain\r\n\r\n");
    response.status = 204;
    const auto head = make_response_head(response, Time(), true);
    CHECK(head.find("Content-Length") == std::string::npos);
    CHECK(head.find("\r\nConnection: close\r\n") != std::string::npos);
}

TEST_CASE("response: a header with a line break does not reach the wire", "[http][response]") {
    Response response;
    response.with_header("Location", "/a\r\nSet-Cookie: a=b")
        .with_header("Bad Name", "x")
        .with_header("Fit", "y");
    const auto head = make_response_head(response, Time(), false);
    CHECK(head.find("Set-Cookie") == std::string::npos);
    CHECK(head.find("Bad Name") == std::string::npos);
    CHECK(head.find("\r\nFit: y\r\n") != std::string::npos);
}

TEST_CASE("response: security headers are added where the handler set none", "[http][response]") {
    Response response;
    response.with_header("cache-control", "immutable");
    add_security_headers(response);
    CHECK(header(response, "X-Content-Type-Options") == "nosniff");
    CHECK(header(response, "Referrer-Policy") == "no-referrer");
    CHECK(header(response, "X-Frame-Options") == "DENY");
    CHECK(header(response, "Content-Security-Policy") == "default-src 'none'; frame-ancestors 'none'");
    CHECK(header(response, "Cache-Control").empty());
    CHECK(header(response, "cache-control") == "immutable");
}
