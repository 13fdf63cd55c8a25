#include "ping/users/service.hpp"

#include "ping/core/log.hpp"
#include "ping/core/validate.hpp"
#include "ping/storage/case_fold.hpp"
#include "ping/users/codec.hpp"

namespace ping::users {
namespace {

// A rename is told to everyone who shares a chat: at most to so many, and so often.
constexpr int most_told = 10'000;
constexpr double renames_burst = 10;
constexpr double renames_per_second = 0.1;

}  // namespace

Service::Service(Ports ports, const Config::Limits& limits)
    : ports_(ports),
      renames_per_user_(ports.clock, limits.per_user == 0 ? 0 : renames_burst, renames_per_second) {}

Task<Result<User>> Service::get(UserId id) {
    return ports_.store.get(id);
}

Task<Result<Page>> Service::list(storage::UserQuery query) {
    const int limit = query.limit;
    ++query.limit;  // one more tells whether there is a next page
    auto users = co_await ports_.store.list(std::move(query));
    if (!users) {
        co_return users.error();
    }
    Page page;
    page.users = std::move(*users);
    if (page.users.size() > static_cast<std::size_t>(limit)) {
        page.users.pop_back();
        const User& last = page.users.back();
        page.next = storage::UserCursor{storage::fold_case(last.name), last.id};
    }
    co_return page;
}

Task<Result<std::unordered_map<UserId, User>>> Service::get_many(std::vector<UserId> ids) {
    auto users = co_await ports_.store.get_many(std::move(ids));
    if (!users) {
        co_return users.error();
    }
    std::unordered_map<UserId, User> by_id;
    for (auto& user : *users) {
        const auto id = user.id;
        by_id.emplace(id, std::move(user));
    }
    co_return by_id;
}

Task<Result<User>> Service::rename(UserId id, std::string name) {
    auto cleaned = validate::clean_name(name);
    if (!cleaned) {
        co_return cleaned.error();
    }
    if (const auto wait = renames_per_user_.take(id.to_string())) {
        co_return errors::rate_limited("You are changing your name too often", *wait, "rename_limit");
    }
    auto renamed = co_await ports_.store.rename(id, std::move(*cleaned), ports_.clock.now());
    if (renamed) {
        co_await tell(*renamed);
    }
    co_return renamed;
}

Task<> Service::tell(User user) {
    auto people = co_await ports_.chats.contacts(user.id, most_told);
    if (!people) {
        // The name is stored; who does not hear of it now sees it when it loads its chats.
        log::warn("users.rename_not_told", {{"code", people.error().slug}});
        co_return;
    }
    people->push_back(user.id);
    ports_.bus.publish(bus::Event{"userUpdated", user_json(user), std::move(*people)});
}

}  // namespace ping::users
