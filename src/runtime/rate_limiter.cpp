#include "ping/runtime/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace ping {

RateLimiter::RateLimiter(const Clock& clock, double burst, double per_second, std::size_t capacity)
    : clock_(clock), burst_(burst), per_second_(per_second), capacity_(capacity) {}

std::optional<std::chrono::seconds> RateLimiter::take(std::string_view key) {
    if (burst_ <= 0) {
        return std::nullopt;
    }
    Bucket& bucket = touch(key);
    if (auto wait = wait_of(bucket)) {
        return wait;
    }
    bucket.tokens -= 1;
    return std::nullopt;
}

void RateLimiter::give_back(std::string_view key) {
    if (burst_ > 0) {
        Bucket& bucket = touch(key);
        bucket.tokens = std::min(burst_, bucket.tokens + 1);
    }
}

RateLimiter::Bucket& RateLimiter::touch(std::string_view key) {
    const auto now = clock_.steady_now();
    if (const auto known = by_key_.find(key); known != by_key_.end()) {
        buckets_.splice(buckets_.begin(), buckets_, known->second);
        Bucket& bucket = buckets_.front();
        const std::chrono::duration<double> passed = now - bucket.filled_at;
        bucket.tokens = std::min(burst_, bucket.tokens + passed.count() * per_second_);
        bucket.filled_at = now;
        return bucket;
    }
    if (buckets_.size() >= capacity_) {
        by_key_.erase(buckets_.back().key);
        buckets_.pop_back();
    }
    buckets_.push_front(Bucket{std::string(key), burst_, now});
    by_key_.emplace(buckets_.front().key, buckets_.begin());
    return buckets_.front();
}

std::optional<std::chrono::seconds> RateLimiter::wait_of(const Bucket& bucket) const {
    if (bucket.tokens >= 1) {
        return std::nullopt;
    }
    return std::chrono::seconds(
        std::max(1L, static_cast<long>(std::ceil((1 - bucket.tokens) / per_second_))));
}

}  // namespace ping
