#pragma once

#include "ping/realtime/contact_book.hpp"
#include "ping/realtime/hub.hpp"
#include "ping/realtime/presence.hpp"
#include "ping/runtime/loop.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ping::realtime {

/// Tells connections who is online (API.md §4). A new connection gets the list, `getOnlineUser`. Then those
/// whose wire format takes deltas (event.hpp) get `userOnline` and `userOffline`, gathered for a quarter of a
/// second once one went out; the others get the list again, at most once a second. Who is more than 64
/// changes behind gets the list too.
///
/// Everyone sees everyone while at most `open_up_to` are online; above that a person sees those with whom
/// they share a chat (TRUST.md T32), and everyone again when a tenth less are online, so that a number that
/// wavers does not send lists to all. A person always sees themselves. Loop thread.
class PresenceFeed final : public HubObserver, public PresenceListener {
public:
    static constexpr std::chrono::milliseconds delta_pause{250};
    static constexpr std::chrono::milliseconds list_pause{1000};
    static constexpr std::size_t most_deltas = 64;

    /// Observes the hub and listens to presence. All must outlive it, and it the group's tasks.
    PresenceFeed(Hub& hub, Presence& presence, Loop& loop, TaskGroup& tasks, ContactBook::Find find_contacts,
                 std::size_t open_up_to);

    /// The two share a chat from now on.
    void became_contacts(UserId a, UserId b);
    /// Whether `viewer` is shown when `other` is online or was. Above `open_up_to` only who is connected
    /// sees anybody.
    bool shows(UserId viewer, UserId other) const;

    void came_online(UserId user) override;
    void went_offline(UserId user, Time last_seen) override;
    void joined(const Caller& caller, WireFormat format) override;
    void left(const Caller& caller, Departure how) override;

private:
    using Connections = std::vector<ConnectionId>;
    struct Person {
        Connections delta_readers;
        Connections list_readers;
        Connections to_greet;  ///< those of both kinds that wait for a list
        bool is_announced = false;
        bool needs_list = false;  ///< what the list readers have is out of date
        std::size_t news = 0;     ///< changes for this person in the round that is going out
    };
    struct Change {
        UserId user;
        std::optional<Time> last_seen;  ///< nothing: came online
        std::vector<UserId> contacts;   ///< of one who went offline
    };

    void announce(UserId user, Person& person);
    void add_change(Change change);
    void send_changes();
    void send_round(const std::vector<Change>& changes);
    void tell(const Change& change);
    void finish_round(UserId user, Person& person);
    template <class Function>
    void for_audience(const Change& change, Function function);

    void greet(UserId user, Person& person, const Connections& connections);
    void send_greetings();
    void need_list(UserId user, Person& person);
    void send_lists();
    boost::json::value list_of_all() const;
    boost::json::value list_of(UserId user, const std::vector<UserId>& contacts) const;

    void choose_scope();
    void contacts_known(UserId user);
    void show_contact(UserId viewer, UserId other);

    Hub& hub_;
    Loop& loop_;
    ContactBook book_;
    const std::size_t open_up_to_;
    bool is_open_;
    std::unordered_map<UserId, Person> people_;  ///< those who are online
    std::vector<Change> changes_;
    std::vector<UserId> greetings_;
    std::vector<UserId> stale_lists_;
    CallbackTimer delta_timer_;
    CallbackTimer list_timer_;
};

}  // namespace ping::realtime
