#include "http/multipart.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace ping::http;
using Event = MultipartParser::Event;

namespace {

struct Part {
    std::string name;
    bool is_file = false;
    std::string content;
};

struct Outcome {
    bool is_whole = false;
    std::vector<Part> parts;
};

// Feeds `body` in pieces of `step`.
Outcome parse(const std::string& body, std::size_t step, const std::string& boundary = "xx") {
    MultipartParser parser(boundary);
    Outcome outcome;
    std::size_t at = 0;
    while (true) {
        switch (parser.next()) {
            case Event::more:
                if (at >= body.size()) {
                    return outcome;
                }
                parser.feed(std::string_view(body).substr(at, step));
                at += step;
                break;
            case Event::part:
                outcome.parts.push_back({parser.name(), parser.is_file(), {}});
                break;
            case Event::data:
                outcome.parts.back().content += parser.data();
                break;
            case Event::part_end:
                break;
            case Event::end:
                outcome.is_whole = true;
                return outcome;
            case Event::malformed:
                return outcome;
        }
    }
}

std::string part(const std::string& head, const std::string& content) {
    return "--xx\r\n" + head + "\r\n\r\n" + content + "\r\n";
}

const std::string text_head = "Content-Disposition: form-data; name=\"text\"";

bool is_taken(const std::string& body) {
    const bool whole = parse(body, 1000).is_whole;
    CHECK(parse(body, 1).is_whole == whole);
    return whole;
}

}  // namespace

TEST_CASE("multipart: fields and files come out whole however they arrive", "[http][multipart]") {
    const auto body =
        "preamble\r\n" + part(text_head, "hello") + part(text_head + "; filename=\"a.jpg\"", "") +
        part("content-type: image/png\r\ncontent-disposition: form-data; filename=\"\"; name=image",
             "\r\n--x\r\n--y\n--xx\r-") +
        "--xx--\r\nepilogue";
    for (const std::size_t step : {1U, 2U, 3U, 5U, 7U, 64U, 10'000U}) {
        const auto outcome = parse(body, step);
        INFO(step);
        REQUIRE(outcome.is_whole);
        REQUIRE(outcome.parts.size() == 3);
        CHECK(outcome.parts[0].name == "text");
        CHECK_FALSE(outcome.parts[0].is_file);
        CHECK(outcome.parts[0].content == "hello");
        CHECK(outcome.parts[1].is_file);
        CHECK(outcome.parts[1].content.empty());
        CHECK(outcome.parts[2].name == "image");
        CHECK(outcome.parts[2].is_file);
        CHECK(outcome.parts[2].content == "\r\n--x\r\n--y\n--xx\r-");
    }
}

TEST_CASE("multipart: an empty form is whole, and spaces may follow a boundary", "[http][multipart]") {
    CHECK(is_taken("--xx--"));
    CHECK(is_taken("--xx \t\r\n" + text_head + "\r\n\r\na\r\n--xx--"));
}

TEST_CASE("multipart: a form that is cut off anywhere is not whole", "[http][multipart]") {
    const auto body = part(text_head, "hello") + "--xx--";
    for (std::size_t size = 0; size < body.size(); ++size) {
        INFO(size);
        CHECK_FALSE(is_taken(body.substr(0, size)));
    }
}

TEST_CASE("multipart: malformed heads are refused", "[http][multipart]") {
    const auto is_head_taken = [](const std::string& head) { return is_taken(part(head, "a") + "--xx--"); };
    CHECK(is_head_taken(text_head));
    CHECK(is_head_taken(text_head + "\r\nContent-Transfer-Encoding: binary"));
    for (const auto& head :
         {std::string("Content-Type: text/plain"), std::string("Content-Disposition: attachment; name=\"a\""),
          std::string("Content-Disposition: form-data"),
          std::string("Content-Disposition: form-data; name=\"a"),
          std::string("Content-Disposition: form-data; name=\"a\"; name=\"b\""),
          std::string("Content-Disposition: form-data; name=\"a\" b"), text_head + "\r\n" + text_head,
          text_head + "\r\n folded", text_head + "\r\nno colon", text_head + "\r\nX-A: \x01",
          text_head + std::string("\r\nX-A: a\0b", 10), text_head + "\nX-A: a", text_head + "\r\nX A: a",
          text_head + "\r\nContent-Transfer-Encoding: base64", std::string()}) {
        INFO(head);
        CHECK_FALSE(is_head_taken(head));
    }
}

TEST_CASE("multipart: a boundary that something follows is refused", "[http][multipart]") {
    CHECK_FALSE(is_taken("--xxy\r\n" + text_head + "\r\n\r\na\r\n--xx--"));
    CHECK_FALSE(is_taken("--xx\n" + text_head + "\r\n\r\na\r\n--xx--"));
    CHECK_FALSE(is_taken("--xx" + std::string(100, ' ') + "\r\n" + text_head + "\r\n\r\na\r\n--xx--"));
}

TEST_CASE("T35: parts, heads and what comes before are bounded", "[http][multipart]") {
    std::string parts;
    for (std::size_t i = 0; i < MultipartParser::parts_at_most; ++i) {
        parts += part(text_head, "a");
    }
    CHECK(is_taken(parts + "--xx--"));
    CHECK_FALSE(is_taken(parts + part(text_head, "a") + "--xx--"));

    const auto head = text_head + "\r\nX-A: ";
    const auto fill = MultipartParser::head_bytes_at_most - head.size();
    CHECK(is_taken(part(head + std::string(fill, 'x'), "a") + "--xx--"));
    CHECK_FALSE(is_taken(part(head + std::string(fill + 1, 'x'), "a") + "--xx--"));

    CHECK(is_taken(std::string(1000, 'x') + "\r\n--xx--"));
    CHECK_FALSE(is_taken(std::string(2 * MultipartParser::preamble_bytes_at_most, 'x') + "\r\n--xx--"));
}

TEST_CASE("T39: a file's name that is no UTF-8 is refused", "[http][multipart]") {
    for (const std::string name : {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"}) {
        CHECK_FALSE(is_taken(part(text_head + "; filename=\"" + name + "\"", "a") + "--xx--"));
    }
    CHECK(is_taken(part(text_head + "; filename=\"fünf €.jpg\"", "a") + "--xx--"));
}

TEST_CASE("multipart: boundaries of 1 to 70 characters", "[http][multipart]") {
    const auto of = [](const std::string& value) {
        return multipart_boundary("multipart/form-data; " + value);
    };
    CHECK(of("boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW") == "----WebKitFormBoundary7MA4YWxkTrZu0gW");
    CHECK(of("charset=utf-8; BOUNDARY=\"a b\"") == "a b");
    CHECK(of("boundary=" + std::string(70, 'x')) == std::string(70, 'x'));
    CHECK_FALSE(of("boundary=" + std::string(71, 'x')));
    CHECK_FALSE(of("boundary=\"\""));
    CHECK_FALSE(of("boundary=\"a \""));
    CHECK_FALSE(of("boundary=\"a\r\nb\""));
    CHECK_FALSE(of("boundary=a; boundary=b"));
    CHECK_FALSE(of("charset=utf-8"));
    CHECK_FALSE(multipart_boundary("application/json; boundary=a"));
}
