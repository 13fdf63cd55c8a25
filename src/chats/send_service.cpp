#include "ping/chats/service.hpp"
#include "ping/core/validate.hpp"

#include <algorithm>

namespace ping::chats {
namespace {

constexpr std::size_t client_id_bytes = 64;

/// It comes back in JSON, also when it came in a header, which may hold any bytes.
bool is_client_id(std::string_view text) {
    return !text.empty() && text.size() <= client_id_bytes &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

Result<void> check(const SendRequest& request) {
    if (request.text.empty() && request.image == nullptr) {
        return errors::invalid("Either text or image is required", "empty_message");
    }
    if (auto checked = validate::check_text(request.text); !checked) {
        return checked;
    }
    if (request.client_id && !is_client_id(*request.client_id)) {
        return errors::invalid("clientId must have 1 to 64 printable ASCII characters", "bad_client_id");
    }
    return ok();
}

}  // namespace

Result<void> Service::charge(UserId sender) {
    if (const auto wait = sends_per_user_.take(sender.to_string())) {
        return errors::rate_limited("You are sending too fast", *wait, "message_limit");
    }
    return ok();
}

Task<Result<Sent>> Service::send(SendRequest request) {
    if (auto checked = check(request); !checked) {
        co_return checked.error();
    }
    storage::NewMessage message;
    message.id = ports_.ids.make<MessageId>();
    message.chat = request.chat;
    message.sender = request.sender;
    message.client_id = std::move(request.client_id);
    message.text = std::move(request.text);
    std::shared_ptr<media::NewPicture> picture;
    if (request.image != nullptr) {
        auto kept = co_await keep_image(request);
        if (!kept) {
            co_return kept.error();
        }
        picture = std::move(*kept);
        message.type = MessageType::image;
        message.image =
            storage::NewImage{picture->image, picture->bytes, picture->digest, ports_.media.quota()};
    }
    message.now = ports_.clock.now();
    auto appended = co_await ports_.store.append(std::move(message));
    if (!appended) {
        // Whether a write that failed is on disk nobody knows: the next sweep sees.
        if (picture != nullptr && is_server_fault(appended.error().code)) {
            ports_.media.claim(*picture);
        }
        co_return appended.error();
    }
    if (appended->message.image) {
        ports_.media.sign(*appended->message.image);
    }
    if (!appended->repeated) {
        if (picture != nullptr) {
            ports_.media.claim(*picture);
        }
        messages_.add();
        announcer_.sent(*appended);
    }
    co_return Sent{appended->message, appended->repeated};
}

// Who is not in the chat costs no decoding.
Task<Result<std::shared_ptr<media::NewPicture>>> Service::keep_image(const SendRequest& request) {
    const auto members_of = co_await members(request.sender, request.chat);
    if (!members_of) {
        co_return members_of.error();
    }
    auto kept = co_await ports_.media.keep(request.image);
    co_return kept;
}

void Service::sign_images(std::vector<Message>& messages) const {
    for (auto& message : messages) {
        if (message.image) {
            ports_.media.sign(*message.image);
        }
    }
}

}  // namespace ping::chats
