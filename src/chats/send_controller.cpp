#include "ping/chats/codec.hpp"
#include "ping/chats/controller.hpp"
#include "ping/core/json.hpp"
#include "ping/http/body_stream.hpp"
#include "ping/http/form.hpp"

#include <boost/json/object.hpp>

#include <optional>

// POST /message, as JSON or as a form with an image.
namespace ping::chats {
namespace {

constexpr std::string_view image_field = "image";

Result<SendRequest> read_message(const boost::json::object& fields, UserId sender) {
    json::Reader reader(fields);
    SendRequest message;
    message.chat = reader.id<ChatId>("chatId", "ChatId Required");
    message.text = reader.optional_string("text").value_or("");
    message.client_id = reader.optional_string("clientId");
    message.sender = sender;
    if (auto checked = reader.finish(); !checked) {
        return checked.error();
    }
    return message;
}

Error given_twice(const std::string& name) {
    return errors::invalid("The field '" + name + "' comes twice", "bad_form");
}

/// The chat of the fields so far, where they have one.
std::optional<ChatId> chat_of(const boost::json::object& fields) {
    const auto* const chat = fields.if_contains("chatId");
    return chat == nullptr ? std::nullopt : ChatId::parse(std::string_view(chat->get_string()));
}

}  // namespace

// The sender pays before the body is read.
Task<Result<http::Response>> Controller::send(http::Request& request) {
    if (auto charged = service_.charge(request.identity->user); !charged) {
        co_return charged.error();
    }
    Result<SendRequest> message = errors::internal("not read");
    if (http::is_form(request)) {
        message = co_await read_form(request);
    } else {
        message = co_await read_json(request);
    }
    if (!message) {
        co_return message.error();
    }
    if (const auto key = request.header("idempotency-key"); !key.empty() && !message->client_id) {
        message->client_id = std::string(key);
    }
    const auto sent = co_await service_.send(std::move(*message));
    if (!sent) {
        co_return sent.error();
    }
    const boost::json::value shown{{"message", message_json(sent->message)},
                                   {"sender", sent->message.sender.to_string()}};
    co_return http::json_response(sent->repeated ? 200 : 201, shown);
}

Task<Result<SendRequest>> Controller::read_json(http::Request& request) {
    const auto read = co_await http::read_whole(request);
    if (!read) {
        co_return read.error();
    }
    const auto body = request.json();
    if (!body) {
        co_return body.error();
    }
    co_return read_message(*body, request.identity->user);
}

Task<Result<SendRequest>> Controller::read_form(http::Request& request) {
    http::FormReader form(request);
    boost::json::object fields;
    std::shared_ptr<media::Upload> image;
    auto part = co_await form.next();
    while (part && part->kind != http::FormPart::Kind::end) {
        if (part->kind == http::FormPart::Kind::field) {
            if (!fields.emplace(part->name, part->value).second) {
                co_return given_twice(part->name);
            }
        } else if (part->name == image_field) {
            if (image != nullptr) {
                co_return given_twice(part->name);
            }
            auto received = co_await receive_image(request.identity->user, chat_of(fields), form);
            if (!received) {
                co_return received.error();
            }
            image = std::move(*received);
        }
        part = co_await form.next();
    }
    if (!part) {
        co_return part.error();
    }
    auto message = read_message(fields, request.identity->user);
    if (message) {
        message->image = std::move(image);
    }
    co_return message;
}

// Null for an empty file: what a browser sends when nobody chose one.
Task<Result<std::shared_ptr<media::Upload>>> Controller::receive_image(UserId sender,
                                                                       std::optional<ChatId> chat,
                                                                       http::FormReader& form) {
    if (chat) {
        const auto members = co_await service_.members(sender, *chat);
        if (!members) {
            co_return members.error();
        }
    }
    auto piece = co_await form.read_file();
    std::shared_ptr<media::Upload> image;
    while (piece && !piece->empty()) {
        if (image == nullptr) {
            auto begun = co_await media_.begin(sender);
            if (!begun) {
                co_return begun.error();
            }
            image = std::move(*begun);
        }
        const auto appended = co_await media_.append(*image, std::move(*piece));
        if (!appended) {
            co_return appended.error();
        }
        piece = co_await form.read_file();
    }
    if (!piece) {
        co_return piece.error();
    }
    co_return image;
}

}  // namespace ping::chats
