#include "http/message_parser.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>

namespace ping::http {

namespace beast_http = boost::beast::http;

class MessageParser::Impl {
public:
    beast_http::request_parser<beast_http::string_body> parser;
    std::size_t overhead_limit = 0;
    std::size_t taken = 0;
};

MessageParser::MessageParser(std::size_t header_limit, std::size_t body_limit)
    : impl_(std::make_unique<Impl>()) {
    impl_->parser.header_limit(static_cast<std::uint32_t>(header_limit));
    impl_->parser.body_limit(static_cast<std::uint64_t>(body_limit));
    impl_->parser.eager(true);
    impl_->overhead_limit = body_limit + header_limit;
}

MessageParser::~MessageParser() = default;

MessageParser::State MessageParser::put(std::string_view bytes, std::size_t& consumed) {
    boost::system::error_code error;
    const auto taken = impl_->parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    consumed += taken;
    impl_->taken += taken;
    if (error == beast_http::error::body_limit) {
        return State::too_large;
    }
    if (error && error != beast_http::error::need_more) {
        return State::malformed;
    }
    // Chunks of one byte with long extensions: the body's wrapping is bounded like the body itself.
    if (impl_->taken > body_size() + impl_->overhead_limit) {
        return State::malformed;
    }
    return impl_->parser.is_done() ? State::complete : State::incomplete;
}

std::size_t MessageParser::body_size() const {
    return impl_->parser.get().body().size();
}

std::string MessageParser::take_body() {
    return std::move(impl_->parser.get().body());
}

}  // namespace ping::http
