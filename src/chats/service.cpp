#include "ping/chats/service.hpp"

#include <algorithm>
#include <unordered_map>

namespace ping::chats {
namespace {

using People = std::unordered_map<UserId, User>;

// Of watermarks per user and second, and at once. An honest client moves one for a message that it shows, and
// one chat brings 10 of those a second at most; whoever opens chats as fast as they can does not come near.
constexpr double marks_burst = 600;
constexpr double marks_per_second = 100;
// A client resumes when it has connected: a user's 20 devices, some times each.
constexpr double resumes_burst = 60;
constexpr double resumes_per_second = 1;

/// The other member of a direct chat.
UserId other_of(const std::vector<UserId>& members, UserId self) {
    const auto other = std::find_if(members.begin(), members.end(), [self](UserId id) { return id != self; });
    return other == members.end() ? self : *other;
}

Row make_row(UserId viewer, ChatView view, UserId other, const People& people) {
    const auto person = people.find(other);
    return Row{viewer, std::move(view), other,
               person == people.end() ? std::nullopt : std::optional(person->second)};
}

/// A chat that was made this moment, as one of its two members sees it.
Row fresh_row(const storage::NewDirectChat& made, UserId viewer, UserId other, const People& people) {
    ChatView view;
    view.chat.id = made.fresh;
    view.chat.members = {std::min(viewer, other), std::max(viewer, other)};
    view.chat.created_at = made.now;
    view.chat.updated_at = made.now;
    return make_row(viewer, std::move(view), other, people);
}

}  // namespace

Service::Service(Ports ports, const Config::Limits& limits, Metrics& metrics)
    : ports_(ports),
      announcer_(ports.bus),
      sends_per_user_(ports.clock, limits.per_user == 0 ? 0 : limits.messages_burst,
                      limits.messages_per_second),
      marks_per_user_(ports.clock, limits.per_user == 0 ? 0 : marks_burst, marks_per_second),
      resumes_per_user_(ports.clock, limits.per_user == 0 ? 0 : resumes_burst, resumes_per_second),
      delivered_(ports.loop, ports.tasks,
                 [this](UserId member, ChatId chat, Seq seq) { return store_delivered(member, chat, seq); }),
      member_cache_(ports_.clock),
      messages_(metrics.counter("ping_messages_total", "Messages stored")) {}

Task<Result<storage::DirectChat>> Service::create(UserId creator, UserId other) {
    if (creator == other) {
        co_return errors::invalid("You cannot chat with yourself", "self_chat");
    }
    // First, so that nothing can come between the commit and the word of it.
    std::vector<UserId> pair{creator, other};
    const auto people = co_await ports_.users.get_many(std::move(pair));
    if (!people) {
        co_return people.error();
    }
    const storage::NewDirectChat request{ports_.ids.make<ChatId>(), creator, other, ports_.clock.now()};
    auto chat = co_await ports_.store.create_direct(request);
    if (chat && chat->created) {
        announcer_.created(
            {fresh_row(request, creator, other, *people), fresh_row(request, other, creator, *people)});
    }
    co_return chat;
}

Task<Result<RowPage>> Service::list(UserId reader, storage::ChatPage page) {
    const auto limit = static_cast<std::size_t>(page.limit);
    ++page.limit;  // one more tells whether there is a next page
    auto views = co_await ports_.store.list(reader, page);
    if (!views) {
        co_return views.error();
    }
    RowPage page_of_rows;
    page_of_rows.has_more = views->size() > limit;
    views->resize(std::min(views->size(), limit));
    auto rows = co_await rows_of(reader, std::move(*views));
    if (!rows) {
        co_return rows.error();
    }
    page_of_rows.rows = std::move(*rows);
    co_return page_of_rows;
}

Task<Result<std::vector<Row>>> Service::rows_of(UserId reader, std::vector<ChatView> views) {
    std::vector<Row> rows;
    if (views.empty()) {
        co_return rows;
    }
    rows.reserve(views.size());
    std::vector<UserId> others;
    others.reserve(views.size());
    for (const auto& view : views) {
        others.push_back(other_of(view.chat.members, reader));
    }
    const auto people = co_await ports_.users.get_many(others);
    if (!people) {
        co_return people.error();
    }
    for (std::size_t i = 0; i < views.size(); ++i) {
        rows.push_back(make_row(reader, std::move(views[i]), others[i], *people));
    }
    co_return rows;
}

Task<Result<HistoryPage>> Service::history(storage::HistoryQuery query) {
    const auto reader = query.reader;
    auto history = co_await ports_.store.history(query);
    if (!history) {
        co_return history.error();
    }
    HistoryPage page;
    page.messages = std::move(history->messages);
    sign_images(page.messages);
    page.has_more = history->has_more;
    page.my_read = history->mine.read;
    page.other = other_of(history->members, reader);
    std::vector<UserId> others{page.other};
    const auto people = co_await ports_.users.get_many(std::move(others));
    if (!people) {
        co_return people.error();
    }
    if (const auto person = people->find(page.other); person != people->end()) {
        page.other_user = person->second;
    }
    co_return page;
}

Task<Result<std::vector<UserId>>> Service::members(UserId person, ChatId chat) {
    std::vector<UserId> members;
    if (const auto* const known = member_cache_.find(chat); known != nullptr) {
        members = *known;
    } else {
        auto loaded = co_await ports_.store.members(chat);
        if (!loaded) {
            co_return loaded.error();
        }
        members = std::move(*loaded);
        member_cache_.put(chat, members);
    }
    if (std::find(members.begin(), members.end(), person) == members.end()) {
        co_return errors::forbidden("You are not a participant of this chat");
    }
    co_return members;
}

Task<Result<storage::ReadMove>> Service::mark_read(UserId reader, ChatId chat, Seq seq) {
    if (const auto wait = marks_per_user_.take(reader.to_string())) {
        co_return errors::rate_limited("You are marking messages too fast", *wait, "mark_limit");
    }
    auto move = co_await ports_.store.mark_read(reader, chat, seq, ports_.clock.now());
    if (move && move->to > move->from) {
        announcer_.read(reader, chat, *move);
    }
    co_return move;
}

Task<Result<void>> Service::mark_delivered(UserId member, ChatId chat, Seq seq) {
    // What only waits its turn costs nothing.
    if (!delivered_.knows(member, chat)) {
        if (const auto wait = marks_per_user_.take(member.to_string())) {
            co_return errors::rate_limited("You are marking messages too fast", *wait, "mark_limit");
        }
    }
    auto marked = co_await delivered_.mark(member, chat, seq);
    co_return marked;
}

Task<Result<Seq>> Service::store_delivered(UserId member, ChatId chat, Seq seq) {
    const auto move = co_await ports_.store.mark_delivered(member, chat, seq);
    if (!move) {
        co_return move.error();
    }
    if (move->to > move->from) {
        announcer_.delivered(member, chat, *move);
    }
    co_return move->to;
}

Task<Result<Resumption>> Service::resume(UserId reader, std::vector<storage::ResumePoint> points) {
    if (points.size() > most_resumed) {
        co_return errors::invalid("Name at most the 200 newest chats", "too_many_chats");
    }
    if (const auto wait = resumes_per_user_.take(reader.to_string())) {
        co_return errors::rate_limited("You are resuming too often", *wait, "resume_limit");
    }
    storage::ResumeQuery query;
    query.reader = reader;
    query.is_cut = points.size() == most_resumed;
    query.points = std::move(points);
    auto resumed = co_await ports_.store.resume(std::move(query));
    if (!resumed) {
        co_return resumed.error();
    }
    Resumption answer;
    answer.has_more = resumed->has_more;
    auto views = std::move(resumed->others);
    const auto created = static_cast<std::ptrdiff_t>(views.size());
    for (auto& chat : resumed->chats) {
        sign_images(chat.messages);
        if (chat.view) {
            views.push_back(std::move(*chat.view));
        }
    }
    answer.chats = std::move(resumed->chats);
    auto rows = co_await rows_of(reader, std::move(views));
    if (!rows) {
        co_return rows.error();
    }
    answer.updated.assign(std::move_iterator(rows->begin() + created), std::move_iterator(rows->end()));
    rows->resize(static_cast<std::size_t>(created));
    answer.created = std::move(*rows);
    co_return answer;
}

}  // namespace ping::chats
