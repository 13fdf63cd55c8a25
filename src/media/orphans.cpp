#include "media/names.hpp"
#include "ping/core/log.hpp"
#include "ping/media/service.hpp"

#include <algorithm>

// An image's blobs are kept before its message is stored. What has no message then, because the message was
// refused or the process died, is removed: at once in the first case, else by a sweep.
namespace ping::media {
namespace {

constexpr std::chrono::hours sweep_interval{1};
constexpr std::size_t names_per_step = 500;

}  // namespace

void Service::remove_later(const std::string& public_id) {
    ports_.tasks.spawn("media.remove", [this, public_id]() -> Task<> {
        const auto removed = co_await remove(public_id);
        if (!removed) {
            log::warn("media.not_removed", {{"detail", removed.error().detail}});  // the next sweep's
        }
        unclaimed_.erase(public_id);
    });
}

// The picture first, which is what a link opens.
Task<Result<void>> Service::remove(std::string public_id) {
    auto removed = co_await ports_.blobs.remove(public_id);
    if (removed) {
        removed = co_await ports_.blobs.remove(thumbnail_name(public_id));
    }
    co_return removed;
}

Task<> Service::run() {
    while (!is_stopping_) {
        const auto swept = co_await sweep();
        if (!swept) {
            log::warn("media.sweep_failed", {{"code", swept.error().slug}, {"detail", swept.error().detail}});
        }
        co_await wake_.wait_for(sweep_interval);
    }
}

void Service::stop() {
    is_stopping_ = true;
    wake_.set();
}

Task<Result<void>> Service::sweep() {
    std::string last;
    while (!is_stopping_) {
        auto names = co_await ports_.blobs.list(last, names_per_step);
        if (!names) {
            co_return names.error();
        }
        if (names->empty()) {
            break;
        }
        last = names->back();
        // Before the store is asked: what is claimed from here on has its message then.
        std::vector<std::string> public_ids;
        for (const auto& name : *names) {
            auto public_id = public_id_of(name);
            if (!public_id.empty() && !unclaimed_.contains(public_id)) {
                public_ids.push_back(std::move(public_id));
            }
        }
        const auto [first, end] = std::ranges::unique(public_ids);
        public_ids.erase(first, end);
        const auto removed = co_await remove_orphans(std::move(public_ids));
        if (!removed) {
            co_return removed.error();
        }
    }
    co_return ok();
}

Task<Result<void>> Service::remove_orphans(std::vector<std::string> public_ids) {
    const auto orphans = co_await ports_.images.without_message(std::move(public_ids));
    if (!orphans) {
        co_return orphans.error();
    }
    for (const auto& public_id : *orphans) {
        auto removed = co_await remove(public_id);
        if (!removed) {
            co_return removed;
        }
        orphans_.add();
    }
    co_return ok();
}

}  // namespace ping::media
