#pragma once

#include "ping/core/error.hpp"
#include "ping/http/request.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace ping::http {

/// A whole number from the query; nothing when it is not there; invalid when it is no decimal number in
/// [least, most].
Result<std::optional<std::int64_t>> query_integer(const Request& request, std::string_view name,
                                                  std::int64_t least, std::int64_t most);

/// An id from the path; invalid when it is not 24 hex digits.
template <class Id>
Result<Id> path_id(const Request& request, std::string_view name) {
    const auto id = Id::parse(request.param(name));
    if (!id) {
        return errors::invalid("The id in the path is not one of 24 hex digits", "bad_id");
    }
    return *id;
}

}  // namespace ping::http
