#include "http/content_coding.hpp"

#include "http/ascii.hpp"

#include <array>
#include <zlib.h>

namespace ping::http {
namespace {

/// `;q=0`, `;q=0.0`, ...: not this one.
bool is_refused(std::string_view parameters) {
    const auto start = parameters.find("q=");
    if (start == std::string_view::npos) {
        return false;
    }
    const auto weight = ascii::trim(parameters.substr(start + 2));
    return !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
}

/// Whether the header names the coding, or says `*`, and does not refuse it.
bool takes(std::string_view accept_encoding, std::string_view coding) {
    bool named = false;
    bool taken = false;
    bool any = false;
    ascii::for_each_part(accept_encoding, ',', [&](std::string_view part) {
        const auto semicolon = part.find(';');
        const auto name = ascii::trim(part.substr(0, semicolon));
        const bool refused = semicolon != std::string_view::npos && is_refused(part.substr(semicolon));
        if (ascii::iequals(name, coding)) {
            named = true;
            taken = !refused;
        } else if (name == "*") {
            any = !refused;
        }
    });
    return named ? taken : any;
}

/// zlib's state, ended whatever happens.
class Inflater {
public:
    Inflater() {
        constexpr int gzip_only = 16;
        is_ready_ = inflateInit2(&stream_, gzip_only + MAX_WBITS) == Z_OK;
    }
    ~Inflater() {
        if (is_ready_) {
            inflateEnd(&stream_);
        }
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    bool is_ready() const { return is_ready_; }
    z_stream& stream() { return stream_; }

private:
    z_stream stream_{};
    bool is_ready_ = false;
};

}  // namespace

Coding choose_coding(std::string_view accept_encoding, bool has_brotli, bool has_gzip) {
    if (has_brotli && takes(accept_encoding, "br")) {
        return Coding::brotli;
    }
    if (has_gzip && takes(accept_encoding, "gzip")) {
        return Coding::gzip;
    }
    return Coding::identity;
}

Result<std::string> inflate_gzip(std::string_view gzip, std::size_t limit) {
    Inflater inflater;
    if (!inflater.is_ready()) {
        return errors::internal("zlib: no memory");
    }
    auto& stream = inflater.stream();
    // zlib reads the input and takes it without const all the same.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
    stream.avail_in = static_cast<uInt>(gzip.size());
    std::string plain;
    std::array<char, 16 * 1024> block{};
    int state = Z_OK;
    while (state == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(block.data());
        stream.avail_out = static_cast<uInt>(block.size());
        state = inflate(&stream, Z_NO_FLUSH);
        plain.append(block.data(), block.size() - stream.avail_out);
        if (plain.size() > limit) {
            return errors::internal("the gzip file is larger than it may be");
        }
    }
    if (state != Z_STREAM_END) {
        return errors::internal("the gzip file is broken");
    }
    return plain;
}

}  // namespace ping::http
