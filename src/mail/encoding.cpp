#include "mail/encoding.hpp"

#include <algorithm>

namespace ping::mail {
namespace {

constexpr std::size_t most_line_bytes = 76;
// With `=?utf-8?Q?`, `?=` and the longest header name before it a line stays within RFC 2047's 76 bytes.
constexpr std::size_t most_word_bytes = 48;
constexpr std::size_t most_plain_header_bytes = 60;

void append_hex(std::string& out, char byte) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    const auto value = static_cast<unsigned char>(byte);
    out.push_back('=');
    out.push_back(digits[value >> 4U]);
    out.push_back(digits[value & 15U]);
}

bool is_printable(char c) {
    return c >= 0x20 && c < 0x7F;
}

void append_quoted_line(std::string& out, std::string_view line) {
    std::size_t used = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool is_last = i + 1 == line.size();
        const bool is_blank = c == ' ' || c == '\t';
        bool is_plain = is_blank ? !is_last : (is_printable(c) && c != '=');
        const std::size_t width = is_plain ? 1 : 3;
        // One byte stays free for the `=` of a soft line break.
        if (used + width > most_line_bytes - 1) {
            out.append("=\r\n");
            used = 0;
        }
        is_plain = is_plain && !(c == '.' && used == 0);
        if (is_plain) {
            out.push_back(c);
            used += 1;
        } else {
            append_hex(out, c);
            used += 3;
        }
    }
    out.append("\r\n");
}

/// The length of the UTF-8 character at the front; of a broken one, a bounded run of its bytes.
std::size_t character_bytes(std::string_view text) {
    std::size_t length = 1;
    while (length < 4 && length < text.size() &&
           (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) {
        ++length;
    }
    return length;
}

bool is_word_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

bool has_controls(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto value = static_cast<unsigned char>(c);
        return value < 0x20 || value == 0x7F;
    });
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8 + 2);
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of("\r\n"), text.size());
        append_quoted_line(out, text.substr(0, end));
        const bool is_crlf = text.substr(end, 2) == "\r\n";
        text.remove_prefix(std::min(end + (is_crlf ? 2 : 1), text.size()));
    }
    return out;
}

std::string encoded_words(std::string_view text) {
    std::string out;
    std::string word;
    const auto close_word = [&] {
        out.append(out.empty() ? "" : "\r\n ").append("=?utf-8?Q?").append(word).append("?=");
        word.clear();
    };
    while (!text.empty()) {
        const auto character = text.substr(0, character_bytes(text));
        std::string piece;
        for (const char c : character) {
            if (c == ' ') {
                piece.push_back('_');
            } else if (is_word_plain(c)) {
                piece.push_back(c);
            } else {
                append_hex(piece, c);
            }
        }
        if (word.size() + piece.size() > most_word_bytes) {
            close_word();
        }
        word.append(piece);
        text.remove_prefix(character.size());
    }
    if (!word.empty()) {
        close_word();
    }
    return out;
}

std::string header_text(std::string_view text) {
    const bool is_plain = text.size() <= most_plain_header_bytes &&
                          std::all_of(text.begin(), text.end(), is_printable) &&
                          text.find("=?") == std::string_view::npos;
    return is_plain ? std::string(text) : encoded_words(text);
}

}  // namespace ping::mail
