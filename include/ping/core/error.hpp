#pragma once

#include <boost/system/result.hpp>

#include <chrono>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

namespace ping {

/// What went wrong, as far as a caller may act on it. One function (`http::status_of`) maps it to the wire.
enum class ErrorCode {
    invalid,
    unauthenticated,
    forbidden,
    not_found,
    conflict,
    unprocessable,
    too_large,
    unsupported_media,
    rate_limited,
    unavailable,
    storage_full,
    timeout,
    internal,
};

/// Whether the fault is ours or our machine's, not the caller's: such errors are logged.
constexpr bool is_server_fault(ErrorCode code) {
    return code == ErrorCode::internal || code == ErrorCode::unavailable || code == ErrorCode::storage_full ||
           code == ErrorCode::timeout;
}

/// One bad field of a request. Both strings are public.
struct FieldError {
    std::string field;
    std::string message;
};

/// An error as a value. `message`, `slug` and `fields` reach the client; `detail` and `where` reach only the
/// log. It has constructors because g++ 12 destroys aggregate temporaries in `co_await` expressions twice.
struct Error {
    /// Only because `boost::system::result::error()` asks for one.
    Error() : Error(ErrorCode::internal, "internal", "Internal server error") {}
    Error(ErrorCode code_in, std::string slug_in, std::string message_in,
          std::source_location where_in = std::source_location::current())
        : code(code_in), slug(std::move(slug_in)), message(std::move(message_in)), where(where_in) {}

    Error&& with_detail(std::string text) && {
        detail = std::move(text);
        return std::move(*this);
    }
    Error&& with_field(std::string field, std::string text) && {
        fields.push_back(FieldError{std::move(field), std::move(text)});
        return std::move(*this);
    }
    Error&& with_retry_after(std::chrono::seconds wait) && {
        retry_after = wait;
        return std::move(*this);
    }

    ErrorCode code;
    std::string slug;     ///< stable snake_case word; clients switch on it (`code` on the wire)
    std::string message;  ///< a sentence for people
    std::vector<FieldError> fields{};
    std::string detail{};                               ///< log only
    std::optional<std::chrono::seconds> retry_after{};  ///< becomes the header Retry-After
    std::source_location where;
};

/// A value or an Error. `.value()` is not used: check with `if (!result)`, then `*result` or
/// `result.error()`, which is a copy in Boost 1.81: bind it to a name before looping over its fields.
template <class T>
using Result = boost::system::result<T, Error>;

/// What a Result<void> success is returned as.
inline Result<void> ok() {
    return Result<void>(boost::system::in_place_value);
}

namespace errors {

inline Error invalid(std::string message, std::string slug = "invalid",
                     std::source_location where = std::source_location::current()) {
    return Error(ErrorCode::invalid, std::move(slug), std::move(message), where);
}
inline Error unauthenticated(std::string message, std::string slug = "unauthenticated",
                             std::source_location where = std::source_location::current()) {
    return Error(ErrorCode::unauthenticated, std::move(slug), std::move(message), where);
}
inline Error forbidden(std::string message, std::string slug = "forbidden",
                       std::source_location where = std::source_location::current()) {
    return Error(ErrorCode::forbidden, std::move(slug), std::move(message), where);
}
inline Error not_found(std::string message, std::string slug = "not_found",
                       std::source_location where = std::source_location::current()) {
    return Error(ErrorCode::not_found, std::move(slug), std::move(message), where);
}
inline Error conflict(std::string message, std::string slug = "conflict",
                      std::source_location where = std::source_location::current()) {
    return Error(ErrorCode::conflict, std::move(slug), std::move(message), where);
}
inline Error rate_limited(std::string message, std::chrono::seconds wait, std::string slug = "rate_limited",
                          std::source_location where = std::source_location::current()) {
    return Error(ErrorCode::rate_limited, std::move(slug), std::move(message), where).with_retry_after(wait);
}
inline Error unavailable(std::string message, std::string slug = "unavailable",
                         std::source_location where = std::source_location::current()) {
    return Error(ErrorCode::unavailable, std::move(slug), std::move(message), where)
        .with_retry_after(std::chrono::seconds(2));
}
/// The public text is fixed; `detail` says what happened, for the log.
inline Error internal(std::string detail, std::source_location where = std::source_location::current()) {
    return Error(ErrorCode::internal, "internal", "Internal server error", where)
        .with_detail(std::move(detail));
}

}  // namespace errors
}  // namespace ping
