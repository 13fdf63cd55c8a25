#include "ping/auth/email_address.hpp"

#include <algorithm>

namespace ping::auth {
namespace {

constexpr std::size_t local_bytes = 64;
constexpr std::size_t label_bytes = 63;
constexpr std::size_t address_bytes = 254;
constexpr std::size_t default_name_length = 8;

bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_atext(char c) {
    constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
    return is_letter(c) || is_digit(c) || others.find(c) != std::string_view::npos;
}

bool is_dot_atom(std::string_view text) {
    char previous = '.';
    for (const char c : text) {
        if (c == '.' ? previous == '.' : !is_atext(c)) {
            return false;
        }
        previous = c;
    }
    return previous != '.';
}

bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= label_bytes && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

bool is_domain(std::string_view text) {
    std::size_t labels = 0;
    std::string_view label;
    while (true) {
        const auto dot = text.find('.');
        label = text.substr(0, dot);
        if (!is_label(label)) {
            return false;
        }
        ++labels;
        if (dot == std::string_view::npos) {
            break;
        }
        text.remove_prefix(dot + 1);
    }
    return labels >= 2 && !std::all_of(label.begin(), label.end(), is_digit);
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::optional<std::string> normalise_email(std::string_view text) {
    std::string address(trim(text));
    if (address.size() > address_bytes) {
        return std::nullopt;
    }
    // ASCII alone: the C library's tolower would ask the locale.
    std::transform(address.begin(), address.end(), address.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const auto at = address.find('@');
    if (at == std::string::npos || at == 0 || at > local_bytes) {
        return std::nullopt;
    }
    const std::string_view view = address;
    if (!is_dot_atom(view.substr(0, at)) || !is_domain(view.substr(at + 1))) {
        return std::nullopt;
    }
    return address;
}

std::string mailbox_of(std::string_view normalised) {
    const auto at = normalised.find('@');
    const auto plus = normalised.find('+');
    if (plus == std::string_view::npos || plus == 0 || plus > at) {
        return std::string(normalised);
    }
    return std::string(normalised.substr(0, plus)).append(normalised.substr(at));
}

std::string default_name(std::string_view normalised) {
    return std::string(normalised.substr(0, std::min(normalised.find('@'), default_name_length)));
}

}  // namespace ping::auth
