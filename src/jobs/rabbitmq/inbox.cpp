#include "jobs/rabbitmq/inbox.hpp"

#include <algorithm>

namespace ping::jobs::rabbitmq {

void Inbox::begin_epoch() {
    const std::scoped_lock lock(mutex_);
    ++epoch_;
    held_.clear();
    fresh_.clear();
    later_.clear();
    acks_.clear();
    put_off_ = 0;
}

void Inbox::add(std::uint64_t number, bool is_redelivered, Job job) {
    const std::scoped_lock lock(mutex_);
    const auto key = static_cast<Number>(number);
    held_.insert_or_assign(key, Held{std::move(job), is_redelivered ? 2 : 1, is_redelivered});
    if (is_redelivered) {
        ++put_off_;
        later_.emplace(clock_.now(), key);
    } else {
        fresh_.push_back(key);
    }
    ready_.set();
}

std::vector<std::uint64_t> Inbox::take_acks() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(acks_, {});
}

std::size_t Inbox::put_off() const {
    const std::scoped_lock lock(mutex_);
    return put_off_;
}

void Inbox::clear_put_off() {
    const std::scoped_lock lock(mutex_);
    put_off_ = 0;
}

std::size_t Inbox::held() const {
    const std::scoped_lock lock(mutex_);
    return held_.size();
}

std::vector<Delivery> Inbox::take(const TakeLimits& limits) {
    const std::scoped_lock lock(mutex_);
    ready_.clear();
    std::vector<Delivery> taken;
    while (!fresh_.empty() && taken.size() < limits.all) {
        taken.push_back(delivery_of(fresh_.front()));
        fresh_.pop_front();
    }
    const auto now = clock_.now();
    const auto is_due = [&] { return !later_.empty() && later_.begin()->first <= now; };
    for (auto room = std::min(limits.tried, limits.all - taken.size()); room > 0 && is_due(); --room) {
        taken.push_back(delivery_of(later_.begin()->second));
        later_.erase(later_.begin());
    }
    if (!fresh_.empty() || (limits.tried > 0 && is_due())) {
        ready_.set();
    }
    return taken;
}

std::size_t Inbox::ack(const std::vector<DeliveryTag>& tags) {
    const std::scoped_lock lock(mutex_);
    std::size_t count = 0;
    for (const auto& tag : tags) {
        if (find(tag) != nullptr) {
            held_.erase(tag.number);
            acks_.push_back(static_cast<std::uint64_t>(tag.number));
            ++count;
        }
    }
    return count;
}

void Inbox::retry(const DeliveryTag& tag, std::chrono::milliseconds delay) {
    const std::scoped_lock lock(mutex_);
    auto* const held = find(tag);
    if (held == nullptr) {
        return;
    }
    ++held->attempt;
    put_off_ += std::exchange(held->was_put_off, true) ? 0 : 1;
    later_.emplace(clock_.now() + delay, tag.number);
    if (delay <= std::chrono::milliseconds(0)) {
        ready_.set();
    }
}

std::optional<std::string> Inbox::message_id(const DeliveryTag& tag) const {
    const std::scoped_lock lock(mutex_);
    const auto held = held_.find(tag.number);
    return tag.epoch == epoch_ && held != held_.end() ? std::optional(held->second.job.message_id)
                                                      : std::nullopt;
}

std::optional<Time> Inbox::next_due() const {
    const std::scoped_lock lock(mutex_);
    return later_.empty() ? std::nullopt : std::optional(later_.begin()->first);
}

Inbox::Held* Inbox::find(const DeliveryTag& tag) {
    const auto held = held_.find(tag.number);
    return tag.epoch == epoch_ && held != held_.end() ? &held->second : nullptr;
}

Delivery Inbox::delivery_of(Number number) const {
    const auto& held = held_.at(number);
    return {{epoch_, number}, held.job, held.attempt};
}

}  // namespace ping::jobs::rabbitmq
