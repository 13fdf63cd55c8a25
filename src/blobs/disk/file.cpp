#include "blobs/disk/file.hpp"

#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ping::blobs {

Descriptor::~Descriptor() {
    if (number_ >= 0) {
        ::close(number_);
    }
}

Error file_error(std::string_view what, int reason) {
    auto detail = std::string(what) + ": " + std::generic_category().message(reason);
    switch (reason) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return Error(ErrorCode::storage_full, "disk_full", "The disk is full")
                .with_detail(std::move(detail));
        case EMFILE:
        case ENFILE:
            return errors::unavailable("The server is busy").with_detail(std::move(detail));
        case ENOENT:
            return errors::not_found("Not found").with_detail(std::move(detail));
        default:
            return errors::internal(std::move(detail));
    }
}

Result<Descriptor> open_folder(int parent, const std::string& name, bool make) {
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    if (make && ::mkdirat(parent, name.c_str(), S_IRWXU) == 0) {
        ::fsync(parent);  // should this fail, the fsync of what goes into the folder says so
    }
    Descriptor folder(::openat(parent, name.c_str(), flags));
    if (!folder) {
        return file_error("open folder " + name, errno);
    }
    return folder;
}

Result<std::vector<std::string>> list_folder(const Descriptor& folder) {
    // A descriptor of its own: fdopendir takes it, and its position in the folder.
    const int copy = ::openat(folder.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(copy < 0 ? nullptr : ::fdopendir(copy), ::closedir);
    if (entries == nullptr) {
        return file_error("list folder", errno);
    }
    std::vector<std::string> names;
    errno = 0;
    while (const auto* const entry = ::readdir(entries.get())) {
        const std::string_view name(static_cast<const char*>(entry->d_name));
        if (name != "." && name != "..") {
            names.emplace_back(name);
        }
        errno = 0;
    }
    if (errno != 0) {
        return file_error("read folder", errno);
    }
    return names;
}

Result<void> write_all(const Descriptor& file, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(file.number(), bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR) {
            return file_error("write", errno);
        }
        bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return ok();
}

}  // namespace ping::blobs
