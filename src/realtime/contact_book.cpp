#include "ping/realtime/contact_book.hpp"

#include "ping/core/log.hpp"

#include <algorithm>

namespace ping::realtime {

ContactBook::ContactBook(Loop& loop, TaskGroup& tasks, Find find, Known known)
    : loop_(loop), tasks_(tasks), find_(std::move(find)), known_(std::move(known)), retry_timer_([this] {
          pump();
      }) {}

void ContactBook::open(UserId person) {
    const auto [entry, is_new] = pages_.try_emplace(person);
    if (is_new) {
        entry->second.number = ++last_number_;
        waiting_.push_back(person);
        pump();
    }
}

std::vector<UserId> ContactBook::close(UserId person) {
    auto page = pages_.extract(person);
    return page.empty() ? std::vector<UserId>() : std::move(page.mapped().contacts);
}

const std::vector<UserId>* ContactBook::find(UserId person) const {
    const auto page = pages_.find(person);
    return page == pages_.end() || !page->second.is_known ? nullptr : &page->second.contacts;
}

bool ContactBook::are_contacts(UserId person, UserId other) const {
    const auto* const contacts = find(person);
    return contacts != nullptr && std::ranges::binary_search(*contacts, other);
}

void ContactBook::add(UserId a, UserId b) {
    add_one(a, b);
    add_one(b, a);
}

void ContactBook::add_one(UserId person, UserId other) {
    const auto page = pages_.find(person);
    if (page == pages_.end()) {
        return;
    }
    auto& contacts = page->second.contacts;
    const auto place = std::ranges::lower_bound(contacts, other);
    if (place == contacts.end() || *place != other) {
        contacts.insert(place, other);
    }
}

std::optional<ContactBook::Question> ContactBook::next_question() {
    while (!waiting_.empty() && !retry_timer_.is_armed()) {
        const UserId person = waiting_.front();
        waiting_.pop_front();
        const auto page = pages_.find(person);
        // Else closed since, or closed, opened again and in the queue twice.
        if (page != pages_.end() && !page->second.is_known) {
            return Question{person, page->second.number};
        }
    }
    return std::nullopt;
}

void ContactBook::pump() {
    while (running_ < parallel) {
        const auto question = next_question();
        if (!question) {
            return;
        }
        ++running_;
        tasks_.spawn("presence.contacts", [this, first = *question] { return ask(first); });
    }
}

// A loop, not a task for each: a store that answers at once would nest them without end.
Task<> ContactBook::ask(Question first) {
    for (std::optional<Question> next = first; next; next = next_question()) {
        co_await load(next->person, next->number);
    }
    --running_;
}

Task<> ContactBook::load(UserId person, std::uint64_t number) {
    auto found = co_await find_(person);
    const auto page = pages_.find(person);
    const bool is_asked_for = page != pages_.end() && page->second.number == number && !page->second.is_known;
    if (is_asked_for && found) {
        auto& contacts = page->second.contacts;
        contacts.insert(contacts.end(), found->begin(), found->end());
        std::ranges::sort(contacts);
        const auto repeated = std::ranges::unique(contacts);
        contacts.erase(repeated.begin(), repeated.end());
        page->second.is_known = true;
        known_(person);
    } else if (is_asked_for) {
        log::warn("presence.no_contacts", {{"code", found.error().slug}});
        waiting_.push_back(person);
        loop_.timers().arm(retry_timer_, retry_after);
    }
}

}  // namespace ping::realtime
