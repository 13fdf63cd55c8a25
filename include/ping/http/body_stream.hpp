#pragma once

#include "ping/core/error.hpp"
#include "ping/runtime/task.hpp"

#include <string>

namespace ping::http {

/// A request's body as it comes in, within the route's limit and the server's pace. Nothing is read ahead: a
/// reader that takes its time slows the sender down. Loop thread; one reader.
class BodyStream {
public:
    BodyStream() = default;
    virtual ~BodyStream() = default;
    BodyStream(const BodyStream&) = delete;
    BodyStream& operator=(const BodyStream&) = delete;

    /// The next bytes, at most some 16 KiB; empty when the body has ended. After an error (too large, too
    /// slow, malformed, gone) the handler has nothing left to do: whatever it answers, the server answers
    /// for the error.
    virtual Task<Result<std::string>> read() = 0;
};

class Request;

/// Reads what is left of the body into `Request::body`. On routes with `streams_body`.
Task<Result<void>> read_whole(Request& request);

}  // namespace ping::http
