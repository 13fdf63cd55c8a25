#include "ping/app/api_docs.hpp"

#include "app/api_docs_page.hpp"
#include "app/embedded_files.hpp"
#include "app/plain_page.hpp"
#include "ping/http/static_files.hpp"

#include <boost/json/parse.hpp>

#include <string>
#include <string_view>

namespace ping::app {
namespace {

const http::RouteOptions open_to_all{.auth = http::Auth::none};

boost::json::value document(std::string_view path) {
    for (const auto& file : api_files) {
        if (file.path == path) {
            return boost::json::parse(file.plain);
        }
    }
    return nullptr;
}

Task<Result<http::Response>> file(http::Request& request, std::string_view path) {
    static const http::StaticFiles files(api_files);
    co_return files.answer(request, path, http::Caching::revalidate);
}

/// Rendered when the first one asks: most servers never show it.
Task<Result<http::Response>> page(http::Request& /*request*/) {
    static const std::string html =
        docs::render_api_docs(document("/openapi.json"), document("/asyncapi.json"));
    auto response = http::text_response(200, html, "text/html; charset=utf-8");
    response.with_header("Content-Security-Policy", std::string(plain_page_policy));
    co_return response;
}

}  // namespace

void mount_api_docs(http::Router& router) {
    const auto add_file = [&](std::string address, std::string_view path) {
        router.add(http::Method::get, std::move(address), open_to_all,
                   [path](http::Request& request) { return file(request, path); });
    };
    add_file("/api/v1/openapi.json", "/openapi.json");
    add_file("/api/v1/asyncapi.json", "/asyncapi.json");
    add_file("/api/docs.css", "/docs.css");
    router.add(http::Method::get, "/api/docs", open_to_all, page);
}

}  // namespace ping::app
