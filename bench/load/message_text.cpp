#include "message_text.hpp"

#include <charconv>

namespace bench {
namespace {

constexpr char sign = '~';
constexpr char separator = '.';

}  // namespace

std::string plain_text(std::size_t bytes) {
    static constexpr std::string_view words = "the quick brown fox jumps over the lazy dog and ";
    std::string text;
    while (text.size() < bytes) {
        text.append(words.substr(0, bytes - text.size()));
    }
    return text;
}

std::string write_marked_text(const Mark& mark, std::size_t bytes) {
    auto text = sign + std::to_string(mark.slot) + separator + std::to_string(mark.round) + separator;
    return text + plain_text(bytes > text.size() ? bytes - text.size() : 0);
}

std::optional<Mark> find_mark(std::string_view event) {
    const auto start = event.find(sign);
    if (start == std::string_view::npos) {
        return std::nullopt;
    }
    Mark mark{};
    const auto* const end = event.data() + event.size();
    const auto slot = std::from_chars(event.data() + start + 1, end, mark.slot);
    if (slot.ptr == end || *slot.ptr != separator) {
        return std::nullopt;
    }
    std::from_chars(slot.ptr + 1, end, mark.round);
    return mark;
}

std::string message_json(std::string_view chat, std::string_view text) {
    std::string json;
    json.reserve(chat.size() + text.size() + 32);
    return json.append(R"({"chatId":")").append(chat).append(R"(","text":")").append(text).append(R"("})");
}

}  // namespace bench
