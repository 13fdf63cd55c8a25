#include "ping/http/form.hpp"

#include "http/ascii.hpp"
#include "http/multipart.hpp"
#include "ping/core/utf8.hpp"
#include "ping/http/body_stream.hpp"

namespace ping::http {
namespace {

constexpr std::size_t field_bytes_at_most = 32 * 1024;

using Event = MultipartParser::Event;

Error bad_form() {
    return errors::invalid("The form is not valid multipart/form-data", "bad_form");
}

}  // namespace

bool is_form(const Request& request) {
    const auto type = request.header("content-type");
    return ascii::iequals(ascii::trim(type.substr(0, type.find(';'))), "multipart/form-data");
}

class FormReader::Impl {
public:
    explicit Impl(Request& request_in) : request(request_in) {
        if (const auto boundary = multipart_boundary(request.header("content-type"))) {
            parser.emplace(*boundary);
        }
    }

    /// Any event but `more` and `malformed`.
    Task<Result<Event>> event() {
        if (!parser) {
            co_return bad_form();
        }
        auto event = parser->next();
        while (event == Event::more) {
            const auto piece = co_await request.body_stream->read();
            if (!piece) {
                co_return piece.error();
            }
            if (piece->empty()) {
                co_return bad_form();
            }
            parser->feed(*piece);
            event = parser->next();
        }
        if (event == Event::malformed) {
            co_return bad_form();
        }
        co_return event;
    }

    Task<Result<std::string>> field() {
        std::string value;
        auto what = co_await event();
        while (what && *what == Event::data) {
            value += parser->data();
            if (value.size() > field_bytes_at_most) {
                co_return Error(ErrorCode::too_large, "field_too_large", "A field of the form is too large");
            }
            what = co_await event();
        }
        if (!what) {
            co_return what.error();
        }
        if (!utf8::is_valid(value)) {
            co_return bad_form();
        }
        co_return value;
    }

    /// What follows the form is nobody's, but the next request comes after it.
    Task<Result<void>> drain() {
        auto piece = co_await request.body_stream->read();
        while (piece && !piece->empty()) {
            piece = co_await request.body_stream->read();
        }
        if (!piece) {
            co_return piece.error();
        }
        co_return ok();
    }

    Request& request;
    std::optional<MultipartParser> parser;
    bool is_in_file = false;
};

FormReader::FormReader(Request& request) : impl_(std::make_unique<Impl>(request)) {}

FormReader::~FormReader() = default;

Task<Result<FormPart>> FormReader::next() {
    while (impl_->is_in_file) {
        const auto skipped = co_await read_file();
        if (!skipped) {
            co_return skipped.error();
        }
    }
    const auto event = co_await impl_->event();
    if (!event) {
        co_return event.error();
    }
    FormPart part;
    if (*event == Event::end) {
        const auto drained = co_await impl_->drain();
        if (!drained) {
            co_return drained.error();
        }
        co_return part;
    }
    part.name = impl_->parser->name();
    if (impl_->parser->is_file()) {
        part.kind = FormPart::Kind::file;
        impl_->is_in_file = true;
        co_return part;
    }
    part.kind = FormPart::Kind::field;
    auto value = co_await impl_->field();
    if (!value) {
        co_return value.error();
    }
    part.value = std::move(*value);
    co_return part;
}

Task<Result<std::string>> FormReader::read_file() {
    if (!impl_->is_in_file) {
        co_return std::string();
    }
    const auto event = co_await impl_->event();
    if (!event) {
        co_return event.error();
    }
    if (*event == Event::part_end) {
        impl_->is_in_file = false;
        co_return std::string();
    }
    std::string piece(impl_->parser->data());
    co_return piece;
}

}  // namespace ping::http
