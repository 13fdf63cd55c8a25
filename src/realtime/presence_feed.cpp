#include "ping/realtime/presence_feed.hpp"

#include "ping/core/log.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <utility>

namespace ping::realtime {
namespace {

void append(std::vector<ConnectionId>& to, const std::vector<ConnectionId>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

PresenceFeed::PresenceFeed(Hub& hub, Presence& presence, Loop& loop, TaskGroup& tasks,
                           ContactBook::Find find_contacts, std::size_t open_up_to)
    : hub_(hub),
      loop_(loop),
      book_(loop, tasks, std::move(find_contacts), [this](UserId user) { contacts_known(user); }),
      open_up_to_(open_up_to),
      is_open_(open_up_to > 0),
      delta_timer_([this] {
          if (!changes_.empty()) {
              send_changes();
          }
      }),
      list_timer_([this] { send_lists(); }) {
    presence.listen(*this);
    hub_.observe(*this);
}

// Who comes and goes

void PresenceFeed::came_online(UserId user) {
    auto& person = people_[user];
    choose_scope();
    if (is_open_) {
        announce(user, person);
    } else {
        book_.open(user);
    }
}

void PresenceFeed::went_offline(UserId user, Time last_seen) {
    auto contacts = book_.close(user);
    const auto person = people_.extract(user);
    if (person.mapped().is_announced) {
        add_change(Change{user, last_seen, std::move(contacts)});
    }
    choose_scope();
}

void PresenceFeed::joined(const Caller& caller, WireFormat format) {
    const UserId user = caller.identity.user;
    auto& person = people_[user];  // presence, which observes the hub before us, has said that they came
    (takes_deltas(format) ? person.delta_readers : person.list_readers).push_back(caller.connection);
    greet(user, person, {caller.connection});
}

void PresenceFeed::left(const Caller& caller, Departure /*how*/) {
    const auto entry = people_.find(caller.identity.user);
    if (entry == people_.end()) {
        return;
    }
    for (auto* const connections :
         {&entry->second.delta_readers, &entry->second.list_readers, &entry->second.to_greet}) {
        std::erase(*connections, caller.connection);
    }
}

void PresenceFeed::announce(UserId user, Person& person) {
    if (!std::exchange(person.is_announced, true)) {
        add_change(Change{user, std::nullopt, {}});
    }
}

// Who may see whom

void PresenceFeed::choose_scope() {
    const std::size_t limit = is_open_ ? open_up_to_ : open_up_to_ - open_up_to_ / 10;
    const bool should_be_open = open_up_to_ > 0 && people_.size() <= limit;
    if (should_be_open == is_open_) {
        return;
    }
    is_open_ = should_be_open;
    log::info("presence.scope", {{"open", is_open_}, {"online", people_.size()}});
    for (auto& [user, person] : people_) {
        if (is_open_) {
            announce(user, person);
        } else {
            book_.open(user);
        }
        greet(user, person, person.delta_readers);
        greet(user, person, person.list_readers);
    }
}

void PresenceFeed::contacts_known(UserId user) {
    const auto entry = people_.find(user);
    if (entry == people_.end() || is_open_) {
        return;
    }
    announce(user, entry->second);
    greet(user, entry->second, {});
}

void PresenceFeed::became_contacts(UserId a, UserId b) {
    book_.add(a, b);
    if (!is_open_) {
        show_contact(a, b);
        show_contact(b, a);
    }
}

void PresenceFeed::show_contact(UserId viewer, UserId other) {
    const auto from = people_.find(other);
    const auto to = people_.find(viewer);
    if (to == people_.end() || from == people_.end() || !from->second.is_announced) {
        return;
    }
    const boost::json::value data{{"userId", other.to_string()}};
    hub_.deliver(to->second.delta_readers, "userOnline", data);
    need_list(viewer, to->second);
    if (!list_timer_.is_armed()) {
        send_lists();
    }
}

bool PresenceFeed::shows(UserId viewer, UserId other) const {
    return is_open_ || viewer == other || book_.are_contacts(viewer, other);
}

template <class Function>
void PresenceFeed::for_audience(const Change& change, Function function) {
    if (is_open_) {
        for (auto& [user, person] : people_) {
            if (user != change.user) {
                function(user, person);
            }
        }
        return;
    }
    const auto* const contacts = change.last_seen ? &change.contacts : book_.find(change.user);
    if (contacts == nullptr) {
        return;  // everyone saw them, and since then everyone has got a list, or waits for one
    }
    for (const auto& contact : *contacts) {
        if (const auto entry = people_.find(contact); entry != people_.end()) {
            function(contact, entry->second);
        }
    }
}

// Changes

void PresenceFeed::add_change(Change change) {
    std::erase_if(changes_, [&](const Change& earlier) { return earlier.user == change.user; });
    changes_.push_back(std::move(change));
    if (!delta_timer_.is_armed()) {
        send_changes();
    }
}

void PresenceFeed::send_changes() {
    const auto changes = std::exchange(changes_, {});
    loop_.timers().arm(delta_timer_, delta_pause);
    if (is_open_ && changes.size() > most_deltas) {
        for (auto& [user, person] : people_) {
            greet(user, person, person.delta_readers);
            need_list(user, person);
        }
    } else {
        send_round(changes);
    }
    if (!list_timer_.is_armed()) {
        send_lists();
    }
}

void PresenceFeed::send_round(const std::vector<Change>& changes) {
    for (const auto& change : changes) {
        for_audience(change, [](UserId, Person& person) { ++person.news; });
    }
    for (const auto& change : changes) {
        tell(change);
    }
    for (const auto& change : changes) {
        for_audience(change, [this](UserId user, Person& person) { finish_round(user, person); });
    }
}

void PresenceFeed::tell(const Change& change) {
    Connections readers;
    for_audience(change, [&](UserId, const Person& person) {
        if (person.news <= most_deltas) {
            append(readers, person.delta_readers);
        }
    });
    boost::json::object data{{"userId", change.user.to_string()}};
    if (change.last_seen) {
        data["lastSeenAt"] = to_iso8601(*change.last_seen);
    }
    hub_.deliver(readers, change.last_seen ? "userOffline" : "userOnline", data);
}

void PresenceFeed::finish_round(UserId user, Person& person) {
    if (std::exchange(person.news, 0) > most_deltas) {
        greet(user, person, person.delta_readers);
    }
    need_list(user, person);
}

// Lists

void PresenceFeed::greet(UserId user, Person& person, const Connections& connections) {
    for (const auto connection : connections) {
        if (std::ranges::find(person.to_greet, connection) == person.to_greet.end()) {
            person.to_greet.push_back(connection);
        }
    }
    greetings_.push_back(user);
    if (greetings_.size() == 1) {
        // Later: a connection that is joining gets its transport's greeting first.
        loop_.post([this] { send_greetings(); });
    }
}

void PresenceFeed::send_greetings() {
    Connections everyone;
    for (const auto& user : std::exchange(greetings_, {})) {
        const auto entry = people_.find(user);
        if (entry == people_.end() || entry->second.to_greet.empty()) {
            continue;
        }
        auto& waiting = entry->second.to_greet;
        if (is_open_) {
            append(everyone, std::exchange(waiting, {}));
        } else if (const auto* const contacts = book_.find(user); contacts != nullptr) {
            hub_.deliver(std::exchange(waiting, {}), "getOnlineUser", list_of(user, *contacts));
        }  // else contacts_known greets
    }
    if (!everyone.empty()) {
        hub_.deliver(everyone, "getOnlineUser", list_of_all());
    }
}

void PresenceFeed::need_list(UserId user, Person& person) {
    if (!person.list_readers.empty() && !std::exchange(person.needs_list, true)) {
        stale_lists_.push_back(user);
    }
}

void PresenceFeed::send_lists() {
    if (stale_lists_.empty()) {
        return;
    }
    loop_.timers().arm(list_timer_, list_pause);
    Connections everyone;
    for (const auto& user : std::exchange(stale_lists_, {})) {
        const auto entry = people_.find(user);
        if (entry == people_.end() || !std::exchange(entry->second.needs_list, false)) {
            continue;
        }
        if (is_open_) {
            append(everyone, entry->second.list_readers);
        } else if (const auto* const contacts = book_.find(user); contacts != nullptr) {
            hub_.deliver(entry->second.list_readers, "getOnlineUser", list_of(user, *contacts));
        }
    }
    if (!everyone.empty()) {
        hub_.deliver(everyone, "getOnlineUser", list_of_all());
    }
}

boost::json::value PresenceFeed::list_of_all() const {
    boost::json::array ids;
    ids.reserve(people_.size());
    for (const auto& [user, person] : people_) {
        ids.emplace_back(user.to_string());
    }
    return ids;
}

boost::json::value PresenceFeed::list_of(UserId user, const std::vector<UserId>& contacts) const {
    boost::json::array ids{user.to_string()};
    for (const auto& contact : contacts) {
        const auto entry = people_.find(contact);
        if (entry != people_.end() && entry->second.is_announced) {
            ids.emplace_back(contact.to_string());
        }
    }
    return ids;
}

}  // namespace ping::realtime
