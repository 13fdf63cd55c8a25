#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bench {

/// What a text of the fan-out says about itself.
struct Mark {
    std::size_t slot;
    std::uint64_t round;
};

/// A text of `bytes` bytes that starts with the mark. It holds the only ~ of its event.
std::string write_marked_text(const Mark& mark, std::size_t bytes);
/// The mark in an event, if it has one.
std::optional<Mark> find_mark(std::string_view event);

/// `{"chatId":...,"text":...}`: what `sendMessage` and POST /message take.
std::string message_json(std::string_view chat, std::string_view text);

/// A text of that many bytes, words and spaces.
std::string plain_text(std::size_t bytes);

}  // namespace bench
