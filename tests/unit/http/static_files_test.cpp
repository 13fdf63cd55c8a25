#include "ping/http/static_files.hpp"

#include "http/content_coding.hpp"
#include "http/response_head.hpp"
#include "support/temp_dir.hpp"
#include "unit/http/response_header.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <fstream>

using namespace ping;
using namespace ping::http;
using ping::test::header;

namespace {

// `printf 'hello hello hello hello' | gzip -9n`
constexpr std::array<unsigned char, 28> hello_gz{0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
                                                 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0xc8, 0x40, 0x27, 0x01,
                                                 0xe3, 0x51, 0x3d, 0x8d, 0x17, 0x00, 0x00, 0x00};
constexpr std::string_view hello = "hello hello hello hello";

std::string_view hello_gzip() {
    return {reinterpret_cast<const char*>(hello_gz.data()), hello_gz.size()};
}

const std::array<EmbeddedFile, 2>& some_files() {
    static const std::array<EmbeddedFile, 2> files{
        EmbeddedFile{"/assets/app-1a2b.js", "abcd", {}, hello_gzip(), "pretend this is brotli"},
        EmbeddedFile{"/robots.txt", "ef01", "User-agent: *", {}, {}}};
    return files;
}

Request asking(std::vector<std::pair<std::string, std::string>> headers) {
    Request request;
    request.headers = std::move(headers);
    return request;
}

void write(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("static files: the best copy that the client takes, each with its own strong ETag",
          "[http][static]") {
    const StaticFiles files(some_files());
    const auto br = files.answer(asking({{"Accept-Encoding", "gzip, deflate, br"}}), "/assets/app-1a2b.js",
                                 Caching::forever);
    REQUIRE(br.has_value());
    CHECK(br->status == 200);
    CHECK(br->body == "pretend this is brotli");
    CHECK(header(*br, "Content-Encoding") == "br");
    CHECK(header(*br, "Content-Type") == "text/javascript; charset=utf-8");
    CHECK(header(*br, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(header(*br, "Vary") == "Accept-Encoding");
    const auto gzip =
        files.answer(asking({{"Accept-Encoding", "gzip"}}), "/assets/app-1a2b.js", Caching::forever);
    CHECK(gzip->body == hello_gzip());
    CHECK(header(*gzip, "Content-Encoding") == "gzip");
    CHECK(header(*gzip, "ETag") != header(*br, "ETag"));
    CHECK(header(*gzip, "ETag").front() == '"');
}

TEST_CASE("static files: who takes no compression gets the plain file, from the gzip copy if need be",
          "[http][static]") {
    const StaticFiles files(some_files());
    for (int i = 0; i < 2; ++i) {
        const auto plain = files.answer(asking({}), "/assets/app-1a2b.js", Caching::forever);
        REQUIRE(plain.has_value());
        CHECK(plain->body == hello);
        CHECK(header(*plain, "Content-Encoding").empty());
    }
    const auto text = files.answer(asking({{"Accept-Encoding", "br"}}), "/robots.txt", Caching::revalidate);
    CHECK(text->body == "User-agent: *");
    CHECK(header(*text, "Cache-Control") == "no-cache");
}

TEST_CASE("static files: 304 for a known ETag, weak or in a list, but not for that of another copy",
          "[http][static]") {
    const StaticFiles files(some_files());
    const auto status = [&](const std::string& tags, const std::string& coding) {
        const auto answer = files.answer(asking({{"If-None-Match", tags}, {"Accept-Encoding", coding}}),
                                         "/assets/app-1a2b.js", Caching::forever);
        return answer->status;
    };
    CHECK(status("\"abcd-br\"", "br") == 304);
    CHECK(status("\"x\", W/\"abcd-br\"", "br") == 304);
    CHECK(status("*", "br") == 304);
    CHECK(status("\"abcd-gz\"", "br") == 200);
    CHECK(status("\"abcd\"", "") == 304);
    CHECK(status("abcd", "") == 200);
}

TEST_CASE("static files: only files known from the start exist", "[http][static]") {
    const StaticFiles files(some_files());
    for (const auto* path :
         {"", "/", "/assets", "/assets/", "/assets/../robots.txt", "//robots.txt", "/etc/passwd"}) {
        INFO(path);
        const auto answer = files.answer(asking({}), path, Caching::forever);
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().code == ErrorCode::not_found);
    }
}

TEST_CASE("static files: a folder with its compressed copies, without what a link points at",
          "[http][static]") {
    const test::TempDir folder;
    const test::TempDir elsewhere;
    write(elsewhere.path() / "secret.txt", "secret");
    write(folder.path() / "index.html", "<p>");
    write(folder.path() / "assets/a.js", "let a;");
    write(folder.path() / "assets/a.js.br", "br");
    std::filesystem::create_symlink(elsewhere.path() / "secret.txt", folder.path() / "link.txt");
    const auto files = StaticFiles::read(folder.path());
    REQUIRE(files.has_value());
    CHECK(files->paths() == std::vector<std::string>{"/assets/a.js", "/index.html"});
    const auto br = files->answer(asking({{"Accept-Encoding", "br"}}), "/assets/a.js", Caching::forever);
    CHECK(br->body == "br");
    CHECK(files->answer(asking({}), "/assets/a.js", Caching::forever)->body == "let a;");
    CHECK_FALSE(StaticFiles::read(folder.path() / "nothing").has_value());
}

TEST_CASE("content coding: Accept-Encoding with weights, stars and refusals", "[http][static]") {
    CHECK(choose_coding("br;q=0.1, gzip", true, true) == Coding::brotli);
    CHECK(choose_coding("br;q=0, gzip", true, true) == Coding::gzip);
    CHECK(choose_coding("BR", true, true) == Coding::brotli);
    CHECK(choose_coding("*", true, true) == Coding::brotli);
    CHECK(choose_coding("*;q=0", true, true) == Coding::identity);
    CHECK(choose_coding("br;q=0.000, *", true, true) == Coding::gzip);
    CHECK(choose_coding("gzip", true, false) == Coding::identity);
    CHECK(choose_coding("", true, true) == Coding::identity);
    CHECK(choose_coding("x-br, gzippy", true, true) == Coding::identity);
}

TEST_CASE("content coding: a broken or too large gzip file is an error", "[http][static]") {
    const auto plain = inflate_gzip(hello_gzip(), 100);
    REQUIRE(plain.has_value());
    CHECK(*plain == hello);
    CHECK_FALSE(inflate_gzip(hello_gzip(), 10).has_value());
    CHECK_FALSE(inflate_gzip(hello_gzip().substr(0, 20), 100).has_value());
    CHECK_FALSE(inflate_gzip("no gzip at all", 100).has_value());
    CHECK_FALSE(inflate_gzip("", 100).has_value());
}
