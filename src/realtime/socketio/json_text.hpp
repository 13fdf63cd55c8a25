#pragma once

#include "ping/core/error.hpp"
#include "ping/realtime/socketio/packet.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace ping::realtime::socketio {

/// Checks that `text` is one JSON document within the limits of depth and keys. With `attachments`, also that
/// each placeholder in it (`{"_placeholder":true,"num":n}`) names one of that many. Builds nothing.
Result<void> check_json(std::string_view text, const PacketLimits& limits,
                        std::optional<std::size_t> attachments);

/// An array split behind its first element. Views into the array's text.
struct SplitArray {
    std::string_view first;  ///< empty when it is an array or an object, or there is none
    std::string_view rest;   ///< without brackets
};

/// `text` has passed `check_json` and is an array.
SplitArray split_first(std::string_view text);
/// The elements of an array that has passed `check_json`, without the brackets.
std::string_view inside_array(std::string_view text);

/// `text` without the white space of JSON at both ends.
std::string_view trim_json(std::string_view text);

}  // namespace ping::realtime::socketio
