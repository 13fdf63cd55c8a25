#include "mail/address.hpp"

#include "mail/encoding.hpp"

#include <algorithm>

namespace ping::mail {
namespace {

constexpr std::size_t most_local_bytes = 64;
constexpr std::size_t most_address_bytes = 254;
constexpr std::size_t most_label_bytes = 63;

bool is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_atom_char(char c) {
    return is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_atom(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_atom_char);
}

bool is_label(std::string_view text) {
    return !text.empty() && text.size() <= most_label_bytes && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

template <class Check>
bool each_part(std::string_view text, Check is_good) {
    while (true) {
        const auto dot = text.find('.');
        if (!is_good(text.substr(0, dot))) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        text.remove_prefix(dot + 1);
    }
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

bool is_address(std::string_view text) {
    const auto at = text.find('@');
    if (at == std::string_view::npos || at > most_local_bytes || text.size() > most_address_bytes) {
        return false;
    }
    return each_part(text.substr(0, at), is_atom) && each_part(text.substr(at + 1), is_label);
}

std::string_view domain_of(std::string_view address) {
    return address.substr(address.find('@') + 1);
}

Result<Mailbox> parse_mailbox(std::string_view text) {
    auto name = std::string_view();
    auto address = trim(text);
    if (!address.empty() && address.back() == '>') {
        const auto open = address.rfind('<');
        if (open == std::string_view::npos) {
            return errors::invalid("must be an address or 'Name <address>'", "bad_address");
        }
        name = trim(address.substr(0, open));
        address = address.substr(open + 1, address.size() - open - 2);
    }
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
        name = name.substr(1, name.size() - 2);
    }
    if (!is_address(address) || has_controls(name)) {
        return errors::invalid("must be an address or 'Name <address>'", "bad_address");
    }
    return Mailbox{std::string(name), std::string(address)};
}

}  // namespace ping::mail
