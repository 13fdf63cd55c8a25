#include "ping/storage/sqlite/image_store.hpp"

#include "storage/sqlite/chat_images.hpp"

#include <utility>

namespace ping::storage {
namespace {

using sqlite::Connection;
using Ids = std::vector<std::string>;

bool has_message(Connection& connection, const std::string& public_id) {
    auto query = connection.prepare("SELECT 1 FROM images WHERE public_id = ?");
    query.bind(public_id);
    return query.step();
}

}  // namespace

Task<Result<std::int64_t>> SqliteImageStore::bytes_of(UserId owner) {
    return database_.read<std::int64_t>(
        [=](Connection& connection) -> Result<std::int64_t> { return count_image_bytes(connection, owner); });
}

Task<Result<Ids>> SqliteImageStore::without_message(Ids public_ids) {
    return database_.read<Ids>([ids = std::move(public_ids)](Connection& connection) -> Result<Ids> {
        Ids left;
        for (const auto& id : ids) {
            if (!has_message(connection, id)) {
                left.push_back(id);
            }
        }
        return left;
    });
}

}  // namespace ping::storage
