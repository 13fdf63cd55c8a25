#pragma once

#include "ping/realtime/hub.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ping::realtime {

/// Which connections have which chats open, and on which of them somebody can see it. Forgets a connection
/// when it leaves the hub. Knows nothing of membership: who opens a chat asks for it first and is admitted
/// when that has been checked. Loop thread.
class OpenChats final : public HubObserver {
public:
    /// Chats that a connection may have open. One more closes the one that was opened first: a client that
    /// never says `leaveChat` loses its oldest chat, not its newest.
    static constexpr std::size_t per_connection = 32;

    /// Observes the hub, which must outlive it.
    explicit OpenChats(Hub& hub);

    /// The connection wants to open the chat. Nothing reaches it on account of that before `admit`. Asking
    /// first and checking then keeps a `leaveChat` that overtakes the check from being undone by it. Does
    /// nothing for a connection that has left.
    void ask(const Caller& caller, ChatId chat);
    /// Its user is a member. Does nothing when the connection has closed the chat meanwhile.
    void admit(ConnectionId connection, ChatId chat);
    void close(ConnectionId connection, ChatId chat);
    /// Whether somebody can see what the connection has open. At first: yes.
    void set_visible(const Caller& caller, bool is_visible);

    /// Gives the event to those connections of the recipients that have the chat open.
    void deliver(ChatId chat, std::span<const UserId> recipients, std::string_view name,
                 const boost::json::value& data);
    /// The chats that the connection has open and was admitted to.
    std::vector<ChatId> opened_by(ConnectionId connection) const;
    /// The users that have the chat open where it can be seen, each once.
    std::vector<UserId> viewers(ChatId chat) const;
    /// Connections of which something is remembered.
    std::size_t size() const { return devices_.size(); }

    void joined(const Caller& /*caller*/, WireFormat /*format*/) override {}
    void left(const Caller& caller, Departure how) override;

private:
    struct Viewer {
        ConnectionId connection{};
        UserId user;
        bool is_admitted = false;
    };
    struct Device {
        std::vector<ChatId> chats;  ///< in the order of opening
        bool is_visible = true;
    };
    const Viewer* find(ConnectionId connection, ChatId chat) const;
    void remove_viewer(ConnectionId connection, ChatId chat);

    Hub& hub_;
    std::unordered_map<ChatId, std::vector<Viewer>> viewers_;
    std::unordered_map<ConnectionId, Device> devices_;  ///< only those that differ from a new one
};

}  // namespace ping::realtime
