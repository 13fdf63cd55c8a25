#pragma once

#include "ping/core/config.hpp"
#include "ping/core/error.hpp"
#include "ping/http/router.hpp"
#include "ping/http/static_files.hpp"

#include <string_view>

namespace ping::app {

/// The web client (web/): its page at every address that the client itself knows, and its files. Loop thread.
class WebClient {
public:
    explicit WebClient(http::StaticFiles files) : files_(std::move(files)) {}
    /// The client that the build embedded, or the folder of `server.web_dir`, read now and not again. invalid
    /// when that folder cannot be read or has no index.html.
    static Result<WebClient> open(const Config::Server& config);

    /// Whether there is a client. A server built without one says at `/` how to add it.
    bool is_there() const { return files_.contains(page_path); }
    /// The page, for `/` and every address of the client's own.
    Result<http::Response> page(const http::Request& request) const;
    /// One of the files beside the page.
    Result<http::Response> file(const http::Request& request) const;
    /// All files but the page, as addresses.
    std::vector<std::string> paths() const;

private:
    static constexpr std::string_view page_path = "/index.html";

    http::StaticFiles files_;
};

/// Routes for the page and the files. `client` must outlive the router.
void mount_web_client(http::Router& router, const WebClient& client);

}  // namespace ping::app
