#include "ping/app/web_client.hpp"

#include "support/temp_dir.hpp"
#include "support/test_app.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace ping;
using namespace ping::test;

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

/// A client as small as one can be.
struct SmallClient {
    TempDir folder;
    SmallClient() {
        write(folder.path() / "index.html", "<title>Ping</title>");
        write(folder.path() / "sw.js", "// worker");
        write(folder.path() / "assets/app-1a2b.js", "let app;");
    }
};

}  // namespace

TEST_CASE("web client: its page at its own addresses, with a policy that lets nothing foreign in",
          "[integration][web]") {
    const SmallClient small;
    const TestApp app([&](Config& config) { config.server.web_dir = small.folder.path().string(); });
    auto client = app.client();
    for (const auto* path : {"/", "/login", "/verify", "/profile", "/chat/0123456789abcdef01234567"}) {
        INFO(path);
        const auto page = client.get(path);
        CHECK(page.status == 200);
        CHECK(page.text == "<title>Ping</title>");
        CHECK(page.headers.at("cache-control") == "no-cache");
        const auto policy = page.headers.at("content-security-policy");
        CHECK(policy.find("script-src 'self';") != std::string::npos);
        CHECK(policy.find("unsafe") == std::string::npos);
    }
    CHECK(client.get("/nothing").status == 404);
    CHECK(client.get("/chat").status == 404);
    CHECK(client.get("/api/v1/nothing").status == 404);
}

TEST_CASE("web client: files with a hash in the name may be kept for ever, others are asked for again",
          "[integration][web]") {
    const SmallClient small;
    const TestApp app([&](Config& config) { config.server.web_dir = small.folder.path().string(); });
    auto client = app.client();
    const auto script = client.get("/assets/app-1a2b.js");
    CHECK(script.status == 200);
    CHECK(script.text == "let app;");
    CHECK(script.headers.at("cache-control") == "public, max-age=31536000, immutable");
    const auto worker = client.get("/sw.js");
    CHECK(worker.headers.at("cache-control") == "no-cache");
    // A worker is bound by the policy of its own file: it must be able to fetch.
    CHECK(worker.headers.at("content-security-policy").find("connect-src 'self'") != std::string::npos);
    CHECK(client.get("/assets/other.js").status == 404);
    CHECK(client.get("/assets/..%2findex.html").status == 400);
    CHECK(client.get("/index.html").status == 404);
}

TEST_CASE("web client: a folder without a client stops the start", "[integration][web]") {
    const TempDir folder;
    Config::Server config;
    config.web_dir = folder.path().string();
    CHECK_FALSE(app::WebClient::open(config).has_value());
    config.web_dir = (folder.path() / "missing").string();
    CHECK_FALSE(app::WebClient::open(config).has_value());
}

TEST_CASE("web client: a server without one says how to add it", "[integration][web]") {
    const app::WebClient none(http::StaticFiles(std::span<const http::EmbeddedFile>{}));
    const auto page = none.page(http::Request{});
    REQUIRE(page.has_value());
    CHECK(page->body.find("npm run build") != std::string::npos);
}
