#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ping::http {

/// The boundary of a `multipart/form-data` Content-Type: 1 to 70 characters (RFC 2046 §5.1.1). Nothing when
/// it is another type or has no fit boundary.
std::optional<std::string> multipart_boundary(std::string_view content_type);

/// Takes a multipart/form-data body apart (RFC 7578, RFC 2046 §5.1) out of bytes handed to it, holding no
/// more of it than the last piece and a part's head. Strict: CRLF only, a name in every part, valid UTF-8 in
/// heads. Knows no socket.
class MultipartParser {
public:
    static constexpr std::size_t parts_at_most = 16;
    static constexpr std::size_t head_bytes_at_most = 4096;
    static constexpr std::size_t preamble_bytes_at_most = 4096;

    explicit MultipartParser(std::string_view boundary);

    enum class Event {
        more,  ///< `feed` it
        part,  ///< a part begins: `name` and `is_file` tell which
        data,  ///< some of its content, in `data`
        part_end,
        end,  ///< of the form; what follows is ignored
        malformed,
    };
    /// More of the body. Only after `more`; invalidates `data`.
    void feed(std::string_view bytes);
    Event next();

    const std::string& name() const { return name_; }
    /// It came with a file's name, which nobody reads.
    bool is_file() const { return is_file_; }
    /// Good until `next` or `feed`.
    std::string_view data() const { return data_; }

private:
    enum class State { preamble, delimiter, head, content, end, malformed };

    Event skip_preamble();
    Event pass_delimiter();
    Event read_head();
    Event read_content();
    Event stop();
    std::string_view rest() const { return std::string_view(buffer_).substr(at_); }

    std::string delimiter_;
    std::string buffer_;
    std::size_t at_ = 0;  // in the buffer: what comes before is done with
    State state_ = State::preamble;
    std::size_t preamble_ = 0;
    std::size_t parts_ = 0;
    std::string name_;
    bool is_file_ = false;
    std::string_view data_;
};

}  // namespace ping::http
