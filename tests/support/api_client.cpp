#include "support/api_client.hpp"

#include "support/api_description.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cctype>
#include <sys/socket.h>
#include <sys/time.h>

namespace ping::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

asio::ip::tcp::socket connect(asio::io_context& context, const std::string& address) {
    const auto colon = address.rfind(':');
    asio::ip::tcp::socket socket(context);
    socket.connect({asio::ip::make_address(address.substr(0, colon)),
                    static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)))});
    const timeval limit{10, 0};
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return socket;
}

/// A read with a timeout (SO_RCVTIMEO) is not restarted by the kernel when a signal comes that nobody
/// handles, such as the end of an image worker: signal(7).
void read(asio::ip::tcp::socket& socket, beast::flat_buffer& buffer,
          http::response_parser<http::string_body>& parser) {
    boost::system::error_code failed;
    do {
        failed.clear();
        http::read(socket, buffer, parser, failed);
    } while (failed == asio::error::interrupted);
    if (failed) {
        throw boost::system::system_error(failed);
    }
}

}  // namespace

std::string ApiAnswer::message() const {
    const auto* const object = json.if_object();
    const auto* const message = object == nullptr ? nullptr : object->if_contains("message");
    return message != nullptr && message->is_string() ? std::string(message->as_string()) : std::string();
}

ApiClient::ApiClient(std::string address, std::string token)
    : address_(std::move(address)), token_(std::move(token)) {}

ApiAnswer ApiClient::post(const std::string& target, const boost::json::value& body) const {
    return post_text(target, boost::json::serialize(body));
}

ApiAnswer ApiClient::post_text(const std::string& target, const std::string& body,
                               const std::string& content_type) const {
    return request("POST", target, {{"Content-Type", content_type}}, body);
}

ApiAnswer ApiClient::request(const std::string& method, const std::string& target,
                             const std::map<std::string, std::string>& headers,
                             const std::string& body) const {
    asio::io_context context;
    auto socket = connect(context, address_);
    http::request<http::string_body> message;
    message.method_string(method);
    message.target(target);
    message.version(11);
    message.set(http::field::host, address_);
    message.set(http::field::connection, "close");
    if (!token_.empty()) {
        message.set(http::field::authorization, "Bearer " + token_);
    }
    for (const auto& [name, value] : headers) {
        message.set(name, value);
    }
    message.body() = body;
    message.prepare_payload();
    http::write(socket, message);
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.skip(method == "HEAD");
    read(socket, buffer, parser);
    const auto& response = parser.get();
    ApiAnswer answer;
    answer.status = static_cast<int>(response.result_int());
    for (const auto& field : response) {
        std::string name(field.name_string());
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        answer.headers[name] = std::string(field.value());
    }
    answer.text = response.body();
    boost::system::error_code not_json;
    answer.json = boost::json::parse(answer.text, not_json);
    check_described({method, target, std::string(message[http::field::content_type]), body}, answer);
    return answer;
}

}  // namespace ping::test
