#include "ping/chats/delivered_marks.hpp"

#include "ping/core/log.hpp"

#include <algorithm>

namespace ping::chats {
namespace {

// How often to look whose second is over: a mark waits at most so much longer.
constexpr std::chrono::milliseconds look_every{250};

/// The member is gone, or the chat: trying again is no use.
bool is_final(ErrorCode code) {
    return code == ErrorCode::not_found || code == ErrorCode::forbidden;
}

}  // namespace

DeliveredMarks::DeliveredMarks(Loop& loop, TaskGroup& tasks, Store store)
    : loop_(loop), tasks_(tasks), store_(std::move(store)), timer_([this] { tick(); }) {}

bool DeliveredMarks::knows(UserId member, ChatId chat) const {
    const auto place = places_.find({member, chat});
    return place != places_.end() && place->second.is_member;
}

bool DeliveredMarks::note(UserId member, ChatId chat, Seq seq) {
    const auto known = places_.find({member, chat});
    if (known == places_.end() || !known->second.is_member) {
        return false;
    }
    if (seq > known->second.stored) {
        known->second.waiting = std::max(known->second.waiting, seq);
    }
    return true;
}

Task<Result<void>> DeliveredMarks::mark(UserId member, ChatId chat, Seq seq) {
    if (note(member, chat, seq)) {
        co_return ok();
    }
    const Key key{member, chat};
    if (!places_.contains(key) && places_.size() >= capacity) {
        co_return errors::unavailable("Too many chats are being marked now");
    }
    auto stored = co_await store(key, seq);
    co_return stored;
}

Task<Result<void>> DeliveredMarks::store(Key key, Seq seq) {
    // The place stays while a call is under way, and a map's elements stay where they are.
    Place& place = places_[key];
    place.begun_at = loop_.clock().steady_now();
    ++place.storing;
    arm();
    const auto stored = co_await store_(key.first, key.second, seq);
    --place.storing;
    if (stored) {
        place.is_member = true;
        place.stored = std::max(place.stored, *stored);
        co_return ok();
    }
    const auto error = stored.error();
    if (place.is_member && !is_final(error.code)) {
        place.waiting = std::max(place.waiting, seq);  // the next second tries again
    } else if (place.storing == 0) {
        places_.erase(key);
    }
    co_return error;
}

void DeliveredMarks::store_waiting(const Key& key, Place& place) {
    const Seq seq = std::exchange(place.waiting, 0);
    tasks_.spawn("chats.delivered", [this, key, seq]() -> Task<> {
        const auto stored = co_await store(key, seq);
        if (!stored) {
            log::warn("chats.delivered_not_stored", {{"code", stored.error().slug}});
        }
    });
}

void DeliveredMarks::tick() {
    const auto now = loop_.clock().steady_now();
    for (auto entry = places_.begin(); entry != places_.end();) {
        auto& [key, place] = *entry;
        const bool is_over = place.storing == 0 && now - place.begun_at >= interval;
        if (is_over && place.waiting <= place.stored) {
            entry = places_.erase(entry);
            continue;
        }
        ++entry;
        if (is_over) {
            store_waiting(key, place);
        }
    }
    if (!places_.empty()) {
        arm();
    }
}

void DeliveredMarks::flush() {
    timer_.disarm();
    for (auto entry = places_.begin(); entry != places_.end();) {
        auto& [key, place] = *entry++;  // storing may end the place
        if (place.waiting > place.stored) {
            store_waiting(key, place);
        }
    }
}

void DeliveredMarks::arm() {
    if (!timer_.is_armed()) {
        loop_.timers().arm(timer_, look_every);
    }
}

}  // namespace ping::chats
