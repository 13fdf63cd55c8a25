#include "ping/realtime/open_chats.hpp"

#include <algorithm>

namespace ping::realtime {

OpenChats::OpenChats(Hub& hub) : hub_(hub) {
    hub_.observe(*this);
}

void OpenChats::ask(const Caller& caller, ChatId chat) {
    if (!hub_.has(caller.connection) || find(caller.connection, chat) != nullptr) {
        return;
    }
    auto& chats = devices_[caller.connection].chats;
    if (chats.size() >= per_connection) {
        remove_viewer(caller.connection, chats.front());
        chats.erase(chats.begin());
    }
    chats.push_back(chat);
    viewers_[chat].push_back({caller.connection, caller.identity.user});
}

void OpenChats::admit(ConnectionId connection, ChatId chat) {
    const auto viewers = viewers_.find(chat);
    if (viewers == viewers_.end()) {
        return;
    }
    const auto viewer = std::ranges::find(viewers->second, connection, &Viewer::connection);
    if (viewer != viewers->second.end()) {
        viewer->is_admitted = true;
    }
}

void OpenChats::close(ConnectionId connection, ChatId chat) {
    const auto device = devices_.find(connection);
    if (device == devices_.end() || std::erase(device->second.chats, chat) == 0) {
        return;
    }
    remove_viewer(connection, chat);
    if (device->second.chats.empty() && device->second.is_visible) {
        devices_.erase(device);
    }
}

void OpenChats::set_visible(const Caller& caller, bool is_visible) {
    if (!hub_.has(caller.connection)) {
        return;
    }
    const auto device = devices_.try_emplace(caller.connection).first;
    device->second.is_visible = is_visible;
    if (device->second.chats.empty() && is_visible) {
        devices_.erase(device);
    }
}

void OpenChats::deliver(ChatId chat, std::span<const UserId> recipients, std::string_view name,
                        const boost::json::value& data) {
    const auto entry = viewers_.find(chat);
    if (entry == viewers_.end()) {
        return;
    }
    std::vector<ConnectionId> connections;
    for (const auto& viewer : entry->second) {
        if (viewer.is_admitted && std::ranges::find(recipients, viewer.user) != recipients.end()) {
            connections.push_back(viewer.connection);
        }
    }
    hub_.deliver(connections, name, data);
}

std::vector<ChatId> OpenChats::opened_by(ConnectionId connection) const {
    std::vector<ChatId> chats;
    const auto device = devices_.find(connection);
    if (device == devices_.end()) {
        return chats;
    }
    std::ranges::copy_if(device->second.chats, std::back_inserter(chats),
                         [&](ChatId chat) { return find(connection, chat)->is_admitted; });
    return chats;
}

std::vector<UserId> OpenChats::viewers(ChatId chat) const {
    std::vector<UserId> users;
    const auto entry = viewers_.find(chat);
    if (entry == viewers_.end()) {
        return users;
    }
    for (const auto& viewer : entry->second) {
        if (viewer.is_admitted && devices_.at(viewer.connection).is_visible &&
            std::ranges::find(users, viewer.user) == users.end()) {
            users.push_back(viewer.user);
        }
    }
    return users;
}

void OpenChats::left(const Caller& caller, Departure /*how*/) {
    const auto device = devices_.find(caller.connection);
    if (device == devices_.end()) {
        return;
    }
    for (const auto& chat : device->second.chats) {
        remove_viewer(caller.connection, chat);
    }
    devices_.erase(device);
}

const OpenChats::Viewer* OpenChats::find(ConnectionId connection, ChatId chat) const {
    const auto entry = viewers_.find(chat);
    if (entry == viewers_.end()) {
        return nullptr;
    }
    const auto viewer = std::ranges::find(entry->second, connection, &Viewer::connection);
    return viewer == entry->second.end() ? nullptr : &*viewer;
}

void OpenChats::remove_viewer(ConnectionId connection, ChatId chat) {
    const auto entry = viewers_.find(chat);
    std::erase_if(entry->second,
                  [connection](const Viewer& viewer) { return viewer.connection == connection; });
    if (entry->second.empty()) {
        viewers_.erase(entry);
    }
}

}  // namespace ping::realtime
