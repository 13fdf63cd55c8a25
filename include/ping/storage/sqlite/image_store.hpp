#pragma once

#include "ping/sqlite/database.hpp"
#include "ping/storage/image_store.hpp"

namespace ping::storage {

/// Images in the SQLite file. The database outlives it.
class SqliteImageStore final : public ImageStore {
public:
    explicit SqliteImageStore(sqlite::Database& database) : database_(database) {}

    Task<Result<std::int64_t>> bytes_of(UserId owner) override;
    Task<Result<std::vector<std::string>>> without_message(std::vector<std::string> public_ids) override;

private:
    sqlite::Database& database_;
};

}  // namespace ping::storage
