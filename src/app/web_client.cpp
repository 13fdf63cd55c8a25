#include "ping/app/web_client.hpp"

#include "app/embedded_files.hpp"

#include <array>
#include <string>

namespace ping::app {
namespace {

/// Scripts, styles, images and connections of this server only: nothing of a third party, nothing inline.
/// `blob:` and `data:` are images that the page itself made: previews before sending, the icon with a dot.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src "
    "'self'; "
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

constexpr std::string_view without_client =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>Ping</title></head><body><h1>Ping is "
    "running</h1><p>This server was built without its web client. To add it, with Node.js 18.19 or newer: "
    "<code>cd web &amp;&amp; npm ci &amp;&amp; npm run build</code>, then build <code>pingd</code> again, or "
    "start it with <code>--web-dir web/dist</code>.</p><p>The API works without it: "
    "<a href=\"/api/docs\">its description</a>.</p></body></html>";

/// The addresses that the client draws itself: web/src/features/shell/shell.tsx and web/src/app.tsx
/// have the same.
constexpr std::array<std::string_view, 6> pages{"/",        "/login",   "/verify",
                                                "/profile", "/mailbox", "/chat/:chatId"};

const http::RouteOptions open_to_all{.auth = http::Auth::none};

Task<Result<http::Response>> ready(Result<http::Response> answer) {
    co_return answer;
}

}  // namespace

Result<WebClient> WebClient::open(const Config::Server& config) {
    if (config.web_dir.empty()) {
        return WebClient(http::StaticFiles(web_files));
    }
    auto files = http::StaticFiles::read(config.web_dir);
    if (!files) {
        return files.error();
    }
    if (!files->contains(page_path)) {
        return errors::invalid("server.web_dir: there is no index.html in " + config.web_dir, "bad_web_dir");
    }
    return WebClient(std::move(*files));
}

Result<http::Response> WebClient::page(const http::Request& request) const {
    if (!is_there()) {
        return http::text_response(200, std::string(without_client), "text/html; charset=utf-8");
    }
    auto response = files_.answer(request, page_path, http::Caching::revalidate);
    if (response) {
        response->with_header("Content-Security-Policy", std::string(page_policy));
    }
    return response;
}

Result<http::Response> WebClient::file(const http::Request& request) const {
    const bool is_hashed = request.path.starts_with("/assets/");
    auto response =
        files_.answer(request, request.path, is_hashed ? http::Caching::forever : http::Caching::revalidate);
    if (response) {
        // The service worker is bound by the policy that its own file came with.
        response->with_header("Content-Security-Policy", std::string(page_policy));
    }
    return response;
}

std::vector<std::string> WebClient::paths() const {
    auto paths = files_.paths();
    std::erase(paths, page_path);
    return paths;
}

void mount_web_client(http::Router& router, const WebClient& client) {
    const auto page = [&client](http::Request& request) { return ready(client.page(request)); };
    const auto file = [&client](http::Request& request) { return ready(client.file(request)); };
    router.add(http::Method::get, "/", open_to_all, page);
    if (!client.is_there()) {
        return;
    }
    for (const auto pattern : pages) {
        if (pattern != "/") {
            router.add(http::Method::get, std::string(pattern), open_to_all, page);
        }
    }
    // One route for all files with a hash in their names: fewer rows for every request to be compared with.
    router.add(http::Method::get, "/assets/:name", open_to_all, file);
    for (const auto& path : client.paths()) {
        if (!path.starts_with("/assets/")) {
            router.add(http::Method::get, path, open_to_all, file);
        }
    }
}

}  // namespace ping::app
