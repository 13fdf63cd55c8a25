#pragma once

#include "link.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace bench {

struct HttpAnswer {
    int status = 0;
    std::string_view head;
    std::string_view body;
};

/// One kept-alive HTTP/1.1 connection, one request at a time. Every answer must have a Content-Length.
class HttpClient final : private LinkUser {
public:
    HttpClient(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& server)
        : server_(server), link_(context, *this) {}

    void connect(std::function<void()> on_open) {
        on_open_ = std::move(on_open);
        link_.connect(server_);
    }
    /// `on_answer` may send the next request.
    void send(std::string_view request, std::function<void(const HttpAnswer&)> on_answer);
    /// The text of a request; with a body when `json` is not empty, with a token when that is not empty.
    std::string make_request(std::string_view method, std::string_view target, std::string_view token,
                             std::string_view json) const;

private:
    void on_connected() override { on_open_(); }
    std::size_t on_bytes(std::string_view bytes) override;

    const boost::asio::ip::tcp::endpoint server_;
    Link link_;
    std::function<void()> on_open_;
    std::function<void(const HttpAnswer&)> on_answer_;
};

/// Throws std::runtime_error with the body when the status is another.
void expect_status(const HttpAnswer& answer, int status);

}  // namespace bench
