#include "ping/core/log.hpp"
#include "realtime/socketio/member.hpp"

#include <utility>

// What a device gets back when it returns: its open chats, and the messages that it has missed, by pages, at
// the pace at which it takes them.
namespace ping::realtime::socketio {
namespace {

// Looks now and then whether the connection is there at all; its heartbeat ends it when nothing is taken.
constexpr std::chrono::seconds patience{30};
// The store may take no questions for a while.
constexpr std::chrono::seconds retry_after{1};

}  // namespace

void Member::take_over(LostConnection loss) {
    return_ = std::make_unique<Return>(services_.loop);
    for (const auto& first : loss.missed) {
        const auto* const live = live_.find(first.chat);
        return_->progress.add(first, live == nullptr ? std::nullopt : std::optional(live->seq));
    }
    return_->to_open = std::move(loss.open_chats);
    log::debug("socketio.return", {{"user", identity_.user.to_string()}});
    services_.tasks.spawn("socketio.catch_up", [self = shared_from_this()] { return self->catch_up(); });
}

// What this connection's device will want back, should it be lost now.
LostConnection Member::loss() const {
    LostConnection what{services_.open_chats.opened_by(id_), log_.doubtful()};
    if (return_) {
        what.open_chats.insert(what.open_chats.end(), return_->to_open.begin(), return_->to_open.end());
        for (const auto& place : return_->progress.missing()) {
            what.missed.note_first(place);
        }
    }
    return what;
}

Task<> Member::catch_up() {
    const auto self = shared_from_this();
    auto& to_open = return_->to_open;
    while (!is_over_ && !to_open.empty()) {
        const auto chat = to_open.back();
        to_open.pop_back();
        co_await services_.chats.reopen(caller(), chat);
    }
    while (!is_over_ && !return_->progress.is_done()) {
        co_await wait_for_room();
        co_await send_missed();
    }
}

// One page.
Task<> Member::send_missed() {
    auto& progress = return_->progress;
    const auto place = progress.next();
    const auto page = co_await services_.chats.messages_after(identity_.user, place.chat, place.seq);
    if (!page) {
        const auto code = page.error().code;
        if (code == ErrorCode::forbidden || code == ErrorCode::not_found) {
            progress.skip();
        } else {
            log::warn("socketio.not_caught_up_yet", {{"code", page.error().slug}});
            return_->room.clear();
            co_await return_->room.wait_for(retry_after);
        }
        co_return;
    }
    for (const auto& message : page->messages) {
        if (!is_over_ && progress.takes(message.seq)) {
            note_sent({place.chat, message.seq}, message.sender);
            socket_->send(encode_socketio_event("newMessage", message.data, Frame::Kind::answer));
            services_.chats.caught_up(identity_.user, place.chat, message.seq);
        }
    }
    progress.page_read(page->has_more);
}

Task<> Member::wait_for_room() {
    auto& room = return_->room;
    while (!is_over_ && !has_left_all_) {
        room.clear();
        co_await room.wait_for(patience);
    }
}

void Member::on_room() {
    has_left_all_ = true;
    if (return_ && !return_->progress.is_done()) {
        return_->room.set();
    }
}

}  // namespace ping::realtime::socketio
