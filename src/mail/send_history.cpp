#include "mail/send_history.hpp"

namespace ping::mail {

void SendHistory::note(const std::string& message_id, SendMark mark) {
    const auto [entry, is_new] = marks_.insert_or_assign(message_id, mark);
    if (!is_new) {
        return;
    }
    order_.push_back(message_id);
    if (order_.size() > most_entries) {
        marks_.erase(order_.front());
        order_.pop_front();
    }
}

std::optional<SendMark> SendHistory::find(const std::string& message_id) const {
    const auto entry = marks_.find(message_id);
    if (entry == marks_.end()) {
        return std::nullopt;
    }
    return entry->second;
}

}  // namespace ping::mail
