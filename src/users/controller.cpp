#include "ping/users/controller.hpp"

#include "ping/core/json.hpp"
#include "ping/crypto/base64url.hpp"
#include "ping/http/query.hpp"
#include "ping/users/codec.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace ping::users {
namespace {

// The family's pages ask without a limit and filter what they get; whoever pages gets smaller pages.
constexpr int default_limit = 1000;
constexpr int largest_limit = 200;

// A cursor is opaque to clients: the id and, behind a dot, the folded name.
constexpr std::size_t id_digits = 24;

std::string show_cursor(const storage::UserCursor& cursor) {
    return cursor.id.to_string() + "." + crypto::base64url_encode(cursor.name_folded);
}

std::optional<storage::UserCursor> parse_cursor(std::string_view text) {
    const auto id = UserId::parse(text.substr(0, id_digits));
    if (!id || text.size() <= id_digits || text[id_digits] != '.') {
        return std::nullopt;
    }
    auto name = crypto::base64url_decode(text.substr(id_digits + 1));
    return name ? std::optional(storage::UserCursor{std::move(*name), *id}) : std::nullopt;
}

Result<storage::UserQuery> read_query(const http::Request& request) {
    storage::UserQuery query;
    query.search = request.query("search").value_or("");
    const auto limit = http::query_integer(request, "limit", 1, largest_limit);
    if (!limit) {
        return limit.error();
    }
    query.limit = static_cast<int>(limit->value_or(default_limit));
    if (const auto before = request.query("before")) {
        query.after = parse_cursor(*before);
        if (!query.after) {
            return errors::invalid("The parameter 'before' is not one that we gave out", "bad_cursor");
        }
    }
    return query;
}

std::string encode_query_text(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_plain) {
            encoded.push_back(c);
        } else {
            encoded.append({'%', digits[byte >> 4U], digits[byte & 15U]});
        }
    }
    return encoded;
}

std::string next_link(const storage::UserQuery& query, const storage::UserCursor& next) {
    std::string link = "</api/v1/user/all?limit=" + std::to_string(std::min(query.limit, largest_limit)) +
                       "&before=" + show_cursor(next);
    if (!query.search.empty()) {
        link += "&search=" + encode_query_text(query.search);
    }
    return link + ">; rel=\"next\"";
}

}  // namespace

Task<Result<http::Response>> Controller::me(http::Request& request) {
    const auto user = co_await service_.get(request.identity->user);
    if (!user) {
        co_return user.error();
    }
    co_return http::json_response(200, own_user_json(*user));
}

Task<Result<http::Response>> Controller::get(http::Request& request) {
    const auto id = http::path_id<UserId>(request, "id");
    if (!id) {
        co_return id.error();
    }
    const auto user = co_await service_.get(*id);
    if (!user) {
        co_return user.error();
    }
    co_return http::json_response(200, shown_to(request.identity->user, *user));
}

boost::json::value Controller::shown_to(UserId viewer, const User& user) const {
    return user_json(user, shows_presence_(viewer, user.id) ? ShowLastSeen::yes : ShowLastSeen::no);
}

Task<Result<http::Response>> Controller::list(http::Request& request) {
    const auto query = read_query(request);
    if (!query) {
        co_return query.error();
    }
    const auto page = co_await service_.list(*query);
    if (!page) {
        co_return page.error();
    }
    boost::json::array users;
    users.reserve(page->users.size());
    for (const auto& user : page->users) {
        users.push_back(shown_to(request.identity->user, user));
    }
    auto response = http::json_response(200, users);
    if (page->next) {
        response.with_header("Link", next_link(*query, *page->next));
    }
    co_return response;
}

Task<Result<http::Response>> Controller::rename(http::Request& request) {
    const auto body = request.json();
    if (!body) {
        co_return body.error();
    }
    json::Reader reader(*body);
    auto name = reader.string("name");
    if (auto checked = reader.finish(); !checked) {
        co_return checked.error();
    }
    const auto user = co_await service_.rename(request.identity->user, std::move(name));
    if (!user) {
        co_return user.error();
    }
    const boost::json::value shown{
        {"message", "User Updated"}, {"user", own_user_json(*user)}, {"token", sign_(*request.identity)}};
    co_return http::json_response(200, shown);
}

}  // namespace ping::users
