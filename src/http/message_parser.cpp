#include "http/message_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstdint>
#include <utility>

namespace ping::http {

namespace beast_http = boost::beast::http;

namespace {

// Beast's string_body, but for the room that it makes for the whole of an announced body: pieces are taken
// away as they come.
struct PieceBody {
    using value_type = std::string;

    class reader {
    public:
        template <bool is_request, class Fields>
        reader(beast_http::header<is_request, Fields>& /*head*/, value_type& body) : body_(body) {}
        void init(const boost::optional<std::uint64_t>& /*length*/, boost::system::error_code& error) {
            error = {};
        }
        template <class Buffers>
        std::size_t put(const Buffers& buffers, boost::system::error_code& error) {
            error = {};
            const auto before = body_.size();
            const auto end = boost::asio::buffer_sequence_end(buffers);
            for (auto piece = boost::asio::buffer_sequence_begin(buffers); piece != end; ++piece) {
                body_.append(static_cast<const char*>(piece->data()), piece->size());
            }
            return body_.size() - before;
        }
        void finish(boost::system::error_code& error) { error = {}; }

    private:
        value_type& body_;
    };
};

}  // namespace

class MessageParser::Impl {
public:
    std::size_t body_size() const { return given_away + parser.get().body().size(); }

    beast_http::request_parser<PieceBody> parser;
    std::size_t overhead_limit = 0;
    std::size_t taken = 0;
    std::size_t given_away = 0;  // of the body
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
    if (impl_->taken > impl_->body_size() + impl_->overhead_limit) {
        return State::malformed;
    }
    return impl_->parser.is_done() ? State::complete : State::incomplete;
}

std::string MessageParser::take_body() {
    auto& body = impl_->parser.get().body();
    impl_->given_away += body.size();
    return std::exchange(body, {});
}

}  // namespace ping::http
