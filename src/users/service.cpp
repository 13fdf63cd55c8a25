#include "ping/users/service.hpp"

#include "ping/core/validate.hpp"

namespace ping::users {

Task<Result<User>> Service::get(UserId id) {
    return store_.get(id);
}

Task<Result<Page>> Service::list(storage::UserQuery query) {
    const int limit = query.limit;
    ++query.limit;  // one more tells whether there is a next page
    auto users = co_await store_.list(std::move(query));
    if (!users) {
        co_return users.error();
    }
    Page page;
    page.users = std::move(*users);
    if (page.users.size() > static_cast<std::size_t>(limit)) {
        page.users.pop_back();
        page.next = page.users.back().id;
    }
    co_return page;
}

Task<Result<std::unordered_map<UserId, User>>> Service::get_many(std::vector<UserId> ids) {
    auto users = co_await store_.get_many(std::move(ids));
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
    auto renamed = co_await store_.rename(id, std::move(*cleaned), clock_.now());
    co_return renamed;
}

}  // namespace ping::users
