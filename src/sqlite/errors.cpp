#include "sqlite/errors.hpp"

#include <sqlite3.h>

namespace ping::sqlite {

Error to_error(const SqliteFailure& failure) {
    constexpr int primary_code = 0xff;
    std::string detail = "sqlite " + std::to_string(failure.code) + ": " + failure.message;
    switch (failure.code & primary_code) {
        case SQLITE_FULL:
            return Error(ErrorCode::storage_full, "storage_full", "The server has no space left")
                .with_detail(std::move(detail));
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_NOMEM:
            return errors::unavailable("The database is not available now").with_detail(std::move(detail));
        default:
            return errors::internal(std::move(detail));
    }
}

}  // namespace ping::sqlite
