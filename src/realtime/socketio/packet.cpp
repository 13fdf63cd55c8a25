#include "ping/realtime/socketio/packet.hpp"

#include "realtime/socketio/json_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace ping::realtime::socketio {
namespace {

constexpr std::array<std::string_view, 6> reserved_events{"connect",       "connect_error", "disconnect",
                                                          "disconnecting", "newListener",   "removeListener"};

Error bad_packet(std::string message) {
    return errors::invalid(std::move(message), "bad_packet");
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Takes a decimal number off `text`; nothing when there is none, or none that fits.
std::optional<std::uint64_t> take_number(std::string_view& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool is_binary(PacketType type) {
    return type == PacketType::binary_event || type == PacketType::binary_ack;
}

/// What stands before the JSON: `<type>[<attachments>-][<namespace>,][<ack id>]`.
struct Head {
    Packet packet;
    std::size_t attachments = 0;
};

Result<Head> take_head(std::string_view& text, const PacketLimits& limits) {
    Head head;
    if (text.empty() || text.front() < '0' || text.front() > '6') {
        return bad_packet("A packet begins with a digit from 0 to 6");
    }
    head.packet.type = static_cast<PacketType>(text.front() - '0');
    text.remove_prefix(1);
    if (is_binary(head.packet.type)) {
        const auto count = take_number(text);
        if (!count || !text.starts_with('-') || *count > limits.attachments) {
            return bad_packet("A binary packet says how many attachments follow, at most " +
                              std::to_string(limits.attachments));
        }
        text.remove_prefix(1);
        head.attachments = static_cast<std::size_t>(*count);
    }
    if (text.starts_with('/')) {
        const auto end = std::min(text.find(','), text.size());
        if (end > limits.nsp_bytes) {
            return bad_packet("The namespace is too long");
        }
        head.packet.nsp = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!text.empty() && is_digit(text.front())) {
        head.packet.id = take_number(text);
        if (!head.packet.id) {
            return bad_packet("The id of the acknowledgement is out of range");
        }
    }
    return head;
}

/// An event's name from the text of its first element; nothing when that is neither string nor number.
std::optional<std::string> event_name(std::string_view element) {
    if (element.empty()) {
        return std::nullopt;
    }
    if (element.front() == '"') {
        const auto name = boost::json::parse({element.data(), element.size()});
        return std::string(name.as_string().data(), name.as_string().size());
    }
    if (element.front() == '-' || is_digit(element.front())) {
        return std::string(element);
    }
    return std::nullopt;
}

Result<void> take_event(Packet& packet, std::string_view json) {
    const auto split = split_first(json);
    auto name = event_name(split.first);
    if (!name || is_reserved_event(*name)) {
        return bad_packet("An event's name is a string or a number, and none of the reserved names");
    }
    packet.event = std::move(*name);
    packet.payload = split.rest;
    return ok();
}

Result<void> take_payload(Packet& packet, std::string_view json) {
    const char first = json.empty() ? '\0' : trim_json(json).front();
    switch (packet.type) {
        case PacketType::connect:
            if (packet.id || (!json.empty() && first != '{')) {
                return bad_packet("A connect packet carries an object or nothing");
            }
            packet.payload = trim_json(json);
            return ok();
        case PacketType::disconnect:
            if (packet.id || !json.empty()) {
                return bad_packet("A disconnect packet carries nothing");
            }
            return ok();
        case PacketType::event:
        case PacketType::binary_event:
            if (first != '[') {
                return bad_packet("An event carries an array");
            }
            return take_event(packet, json);
        case PacketType::ack:
        case PacketType::binary_ack:
            if (!packet.id || first != '[') {
                return bad_packet("An acknowledgement carries an id and an array");
            }
            packet.payload = inside_array(json);
            return ok();
        case PacketType::connect_error:
            break;
    }
    return bad_packet("Only servers send this packet");
}

void append_json_string(std::string& text, std::string_view value) {
    text += boost::json::serialize(boost::json::string_view(value.data(), value.size()));
}

}  // namespace

bool is_reserved_event(std::string_view name) {
    return std::find(reserved_events.begin(), reserved_events.end(), name) != reserved_events.end();
}

std::string encode_packet(const Packet& packet) {
    std::string text;
    text.reserve(packet.event.size() + packet.payload.size() + packet.nsp.size() + 32);
    text += '4';
    text += static_cast<char>('0' + static_cast<int>(packet.type));
    if (is_binary(packet.type)) {
        text.append(std::to_string(packet.attachments.size())) += '-';
    }
    if (packet.nsp != "/") {
        text.append(packet.nsp) += ',';
    }
    if (packet.id) {
        text += std::to_string(*packet.id);
    }
    const bool is_event = packet.type == PacketType::event || packet.type == PacketType::binary_event;
    const bool is_ack = packet.type == PacketType::ack || packet.type == PacketType::binary_ack;
    if (!is_event && !is_ack) {
        return text += packet.payload;
    }
    text += '[';
    if (is_event) {
        append_json_string(text, packet.event);
        text += packet.payload.empty() ? "" : ",";
    }
    text += packet.payload;
    return text += ']';
}

Result<std::optional<Packet>> PacketDecoder::text(std::string_view message) {
    if (waiting_) {
        return bad_packet("A text came where an attachment was due");
    }
    if (message.size() > limits_.bytes) {
        return bad_packet("The packet is too large");
    }
    received_ = message.size();
    auto head = take_head(message, limits_);
    if (!head) {
        return head.error();
    }
    const auto placeholders =
        is_binary(head->packet.type) ? std::optional<std::size_t>(head->attachments) : std::nullopt;
    if (!message.empty()) {
        if (auto checked = check_json(message, limits_, placeholders); !checked) {
            return checked.error();
        }
    }
    if (auto taken = take_payload(head->packet, message); !taken) {
        return taken.error();
    }
    if (head->attachments == 0) {
        return std::optional<Packet>(std::move(head->packet));
    }
    missing_ = head->attachments;
    waiting_ = std::move(head->packet);
    return std::optional<Packet>();
}

Result<std::optional<Packet>> PacketDecoder::binary(std::string_view bytes) {
    if (!waiting_) {
        return bad_packet("An attachment came where none was due");
    }
    received_ += bytes.size();
    if (received_ > limits_.bytes) {
        return bad_packet("The packet is too large");
    }
    waiting_->attachments.emplace_back(bytes);
    if (--missing_ > 0) {
        return std::optional<Packet>();
    }
    auto whole = std::move(waiting_);
    waiting_.reset();
    return whole;
}

}  // namespace ping::realtime::socketio
