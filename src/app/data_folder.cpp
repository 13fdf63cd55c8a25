#include "ping/app/data_folder.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace ping::app {
namespace {

Error cannot(const std::string& what, const std::filesystem::path& path, int reason) {
    return Error(ErrorCode::internal, "data_folder",
                 "cannot " + what + " " + path.string() + ": " + std::generic_category().message(reason));
}

}  // namespace

Result<DataFolder> DataFolder::open(const std::filesystem::path& path) {
    std::error_code error;
    const bool is_new = std::filesystem::create_directories(path, error);
    if (error) {
        return cannot("make the data folder", path, error.value());
    }
    if (is_new) {
        std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
        if (error) {
            return cannot("protect the data folder", path, error.value());
        }
    }
    const auto lock_path = path / "pingd.lock";
    const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (lock < 0) {
        return cannot("open", lock_path, errno);
    }
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        const int reason = errno;
        ::close(lock);
        if (reason == EWOULDBLOCK) {
            return errors::conflict("another pingd uses the data folder " + path.string(), "data_in_use");
        }
        return cannot("lock", lock_path, reason);
    }
    return DataFolder(path, lock, is_new);
}

DataFolder::~DataFolder() {
    if (lock_ >= 0) {
        ::close(lock_);
    }
}

}  // namespace ping::app
