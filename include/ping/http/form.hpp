#pragma once

#include "ping/core/error.hpp"
#include "ping/http/request.hpp"
#include "ping/runtime/task.hpp"

#include <memory>
#include <string>

namespace ping::http {

/// Whether the request's body says to be multipart/form-data.
bool is_form(const Request& request);

struct FormPart {
    enum class Kind { field, file, end };
    Kind kind = Kind::end;
    std::string name;
    std::string value;  ///< of a field: valid UTF-8
};

/// Reads a form off a request with `Request::body_stream`, part by part, as it comes. Nothing of a file is
/// kept. At most 16 parts; a field of at most 32 KiB. Loop thread.
class FormReader {
public:
    /// The request outlives the reader.
    explicit FormReader(Request& request);
    ~FormReader();
    FormReader(const FormReader&) = delete;
    FormReader& operator=(const FormReader&) = delete;

    /// The next part: a field whole, of a file only its name; what is left unread of a file is skipped.
    /// invalid ("bad_form") for a malformed form, too_large for a field. Once it has said `end`, the whole
    /// body has been read.
    Task<Result<FormPart>> next();
    /// The next bytes of the file that `next` has found; empty at its end.
    Task<Result<std::string>> read_file();

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ping::http
