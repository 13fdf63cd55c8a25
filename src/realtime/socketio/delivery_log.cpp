#include "realtime/socketio/delivery_log.hpp"

#include <utility>

namespace ping::realtime::socketio {

bool DeliveryLog::sent(ChatPlace place, Author author) {
    if (author == Author::other) {
        last_.note_last(place);
    }
    return first_.note_first(place);
}

ChatPlaces DeliveryLog::left() {
    auto told = std::exchange(last_, {});  // mostly alone: then nothing is copied
    for (const auto& place : std::exchange(last_before_, {})) {
        told.note_last(place);
    }
    return told;
}

void DeliveryLog::checkpoint() {
    for (const auto& place : std::exchange(first_, {})) {
        first_before_.note_first(place);
    }
    for (const auto& place : std::exchange(last_, {})) {
        last_before_.note_last(place);
    }
}

ChatPlaces DeliveryLog::arrived() {
    first_before_.clear();
    return std::exchange(last_before_, {});
}

ChatPlaces DeliveryLog::doubtful() const {
    auto all = first_before_;
    for (const auto& place : first_) {
        all.note_first(place);
    }
    return all;
}

}  // namespace ping::realtime::socketio
