#include "storage/sqlite/chat_images.hpp"

#include <algorithm>
#include <map>

namespace ping::storage {

using sqlite::Connection;

void fill_images(Connection& connection, ChatId chat, std::span<Message> messages) {
    std::map<Seq, Message*> waiting;
    for (auto& message : messages) {
        if (message.type == MessageType::image) {
            waiting.emplace(message.seq, &message);
        }
    }
    if (waiting.empty()) {
        return;
    }
    auto query = connection.prepare(
        "SELECT seq, public_id, width, height FROM images WHERE chat_id = ? AND seq BETWEEN ? AND ?");
    query.bind(chat).bind(waiting.begin()->first).bind(waiting.rbegin()->first);
    while (query.step()) {
        const auto found = waiting.find(query.integer(0));
        if (found != waiting.end()) {
            found->second->image =
                Image{query.text(1), static_cast<int>(query.integer(2)), static_cast<int>(query.integer(3))};
        }
    }
}

Result<void> insert_image(Connection& connection, const Message& message, const NewImage& image) {
    if (count_image_bytes(connection, message.sender) + image.bytes > image.quota) {
        return Error(ErrorCode::too_large, "quota_exceeded", "Your images take all the room that you have");
    }
    connection
        .prepare(
            "INSERT INTO images (chat_id, seq, public_id, owner, width, height, bytes, digest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(message.chat)
        .bind(message.seq)
        .bind(image.image.public_id)
        .bind(message.sender)
        .bind(image.image.width)
        .bind(image.image.height)
        .bind(image.bytes)
        .bind_blob(image.digest)
        .run();
    return ok();
}

std::optional<std::string> image_digest(Connection& connection, ChatId chat, Seq seq) {
    auto query = connection.prepare("SELECT digest FROM images WHERE chat_id = ? AND seq = ?");
    query.bind(chat).bind(seq);
    return query.step() ? std::optional(query.blob(0)) : std::nullopt;
}

std::int64_t count_image_bytes(Connection& connection, UserId owner) {
    auto query = connection.prepare("SELECT coalesce(sum(bytes), 0) FROM images WHERE owner = ?");
    query.bind(owner);
    return query.step() ? query.integer(0) : 0;
}

}  // namespace ping::storage
