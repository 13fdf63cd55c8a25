#pragma once

#include "ping/core/clock.hpp"
#include "ping/realtime/caller.hpp"
#include "realtime/socketio/chat_places.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace ping::realtime::socketio {

/// A device as far as the server can tell it from others: by its user, its address and what it calls itself.
struct Device {
    UserId user;
    std::size_t fingerprint = 0;  ///< a hash of address and User-Agent

    bool operator==(const Device&) const = default;
};

/// What a device will want back.
struct LostConnection {
    std::vector<ChatId> open_chats;
    ChatPlaces missed;  ///< the first message of each chat that may not have reached it
};

/// Finds for a device that comes back the connection that it has lost, for clients that neither rejoin their
/// chats nor ask for what they have missed (DESIGN.md §4, Reconnect). Each lost connection is handed out
/// once, the oldest first; one that is found to be lost only when its device has come back goes to the
/// connection that came. Knows connections of this process alone. Loop thread.
class Reconnects {
public:
    static constexpr std::chrono::minutes memory{2};
    // Lost connections that are kept, of all and of one user: the oldest go first.
    static constexpr std::size_t most = 10'000;
    static constexpr std::size_t most_per_user = 20;

    explicit Reconnects(const Clock& clock) : clock_(clock) {}

    /// A connection has come: what its device had lost. Nothing when it had not; then a loss that is noticed
    /// later may still be given to it.
    std::optional<LostConnection> arrived(const Device& device, ConnectionId connection);
    /// A connection is lost that was last heard of then. A connection of its device that came after that and
    /// got nothing yet: the loss goes to it. Else it is kept.
    std::optional<ConnectionId> lost(const Device& device, SteadyTime last_heard, LostConnection& loss);
    /// The connection gets nothing any more: it is gone.
    void forget(UserId user, ConnectionId connection);
    /// A message for these people: their lost connections miss it.
    void missed(std::span<const UserId> people, ChatPlace place);
    std::size_t size() const { return losses_.size(); }

private:
    struct Loss {
        Device device;
        SteadyTime at;
        LostConnection what;
    };
    struct Newcomer {
        ConnectionId connection{};
        std::size_t fingerprint = 0;
        SteadyTime at;
    };
    using Losses = std::list<Loss>;

    void drop_old();
    void drop(Losses::iterator loss);

    const Clock& clock_;
    Losses losses_;  ///< the oldest first
    std::unordered_map<UserId, std::vector<Losses::iterator>> by_user_;
    std::unordered_map<UserId, std::vector<Newcomer>> newcomers_;
};

}  // namespace ping::realtime::socketio
