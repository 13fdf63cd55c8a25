#include "http/multipart.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace ping::http;
using Event = MultipartParser::Event;

namespace {

/// What came out, as text, however the body arrived.
std::string parse(std::string_view body, std::size_t step) {
    MultipartParser parser("xx");
    std::string log;
    for (std::size_t at = 0;;) {
        const auto event = parser.next();
        if (event == Event::part) {
            log += "part " + parser.name() + (parser.is_file() ? " file " : " field ");
        } else if (event == Event::data) {
            log += parser.data();
        } else if (event == Event::part_end) {
            log += " end";
        } else if (event == Event::more && at < body.size()) {
            parser.feed(body.substr(at, step));
            at += step;
        } else {
            // Where malformed bytes are noticed depends on how they arrive; that they are does not.
            return event == Event::end ? log + " whole" : std::string("not whole");
        }
    }
}

}  // namespace

/// A form that is taken gives the same parts whatever pieces it comes in. The first byte chooses these.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string text(data + 1, data + size);
    static_cast<void>(multipart_boundary("multipart/form-data; " + text));
    const std::size_t step = std::max<std::size_t>(data[0], 1);
    if (parse(text, step) != parse(text, text.size() + 1)) {
        std::abort();
    }
    return 0;
}
