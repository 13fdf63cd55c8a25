#include "redis/pipeline.hpp"

#include <utility>

namespace ping::redis {

void Pipeline::add(const Command& command, std::unique_ptr<Call> call, SteadyTime now) {
    unsent_.append(command.bytes());
    waiting_.push_back({std::move(call), now});
}

std::string Pipeline::take_unsent() {
    return std::exchange(unsent_, {});
}

Result<std::optional<Pipeline::Answered>> Pipeline::next() {
    auto reply = reader_.next();
    if (!reply) {
        return reply.error();
    }
    if (!*reply) {
        return std::optional<Answered>();
    }
    if (waiting_.empty()) {
        return errors::invalid("a reply that nobody asked for", "bad_reply");
    }
    Answered answered{std::move(waiting_.front().call), std::move(**reply), waiting_.front().asked_at};
    waiting_.pop_front();
    return std::optional<Answered>(std::move(answered));
}

std::vector<std::unique_ptr<Call>> Pipeline::abandon() {
    std::vector<std::unique_ptr<Call>> calls;
    for (auto& waiting : std::exchange(waiting_, {})) {
        calls.push_back(std::move(waiting.call));
    }
    unsent_.clear();
    return calls;
}

}  // namespace ping::redis
