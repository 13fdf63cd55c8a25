#include "blobs/disk/folder.hpp"

#include "ping/core/failpoint.hpp"
#include "ping/core/log.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <iterator>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>

namespace ping::blobs {
namespace {

constexpr std::size_t shard_digits = 2;
constexpr std::size_t name_at_most = 64;

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

std::string shard_of(std::string_view name) {
    return std::string(name.substr(0, shard_digits));
}

}  // namespace

bool is_blob_name(std::string_view name) {
    const auto is_fit = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
    };
    return name.size() > shard_digits && name.size() <= name_at_most && is_hex(name[0]) && is_hex(name[1]) &&
           std::ranges::all_of(name, is_fit);
}

Result<std::unique_ptr<BlobFolder>> BlobFolder::open(const DiskOptions& options) {
    const auto parent = options.folder.parent_path();
    std::error_code failed;
    if (!parent.empty() && !std::filesystem::create_directories(parent, failed) && failed) {
        return file_error("make " + parent.string(), failed.value());
    }
    auto root = open_folder(AT_FDCWD, options.folder.string(), true);
    if (!root) {
        return root.error();
    }
    auto drafts = open_folder(root->number(), "tmp", true);
    if (!drafts) {
        return drafts.error();
    }
    return std::unique_ptr<BlobFolder>(
        new BlobFolder(options.free_percent, std::move(*root), std::move(*drafts)));
}

Result<void> BlobFolder::remove_drafts() const {
    const auto left = list_folder(drafts_);
    if (!left) {
        return left.error();
    }
    for (const auto& name : *left) {
        if (::unlinkat(drafts_.number(), name.c_str(), 0) != 0) {
            return file_error("remove draft " + name, errno);
        }
    }
    return ok();
}

Result<void> BlobFolder::check_room() const {
    struct statvfs disk{};
    if (::fstatvfs(root_.number(), &disk) != 0) {
        return file_error("ask for free space", errno);
    }
    const auto blocks = static_cast<double>(disk.f_blocks);
    if (static_cast<double>(disk.f_bavail) * 100 < blocks * free_percent_) {
        return Error(ErrorCode::storage_full, "disk_full", "The server has no room for images left")
            .with_detail("less than blobs.free_percent is free");
    }
    return ok();
}

Result<std::shared_ptr<DraftFile>> BlobFolder::make_draft(const std::string& name) const {
    if (auto checked = check_room(); !checked) {
        return checked.error();
    }
    constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    Descriptor file(::openat(drafts_.number(), name.c_str(), flags, S_IRUSR | S_IWUSR));
    if (!file) {
        return file_error("make draft", errno);
    }
    return std::make_shared<DraftFile>(DraftFile{name, std::move(file)});
}

Result<void> BlobFolder::keep(DraftFile& draft, const std::string& name) const {
    if (::fsync(draft.file.number()) != 0) {
        return file_error("fsync draft", errno);
    }
    PING_FAILPOINT(U1);
    const auto shard = open_folder(root_.number(), shard_of(name), true);
    if (!shard) {
        return shard.error();
    }
    if (::renameat(drafts_.number(), draft.name.c_str(), shard->number(), name.c_str()) != 0) {
        return file_error("rename draft", errno);
    }
    draft.is_kept = true;
    if (::fsync(shard->number()) != 0) {
        return file_error("fsync folder", errno);
    }
    return ok();
}

Result<std::shared_ptr<const BlobFile>> BlobFolder::open_blob(const std::string& name) const {
    const auto shard = open_folder(root_.number(), shard_of(name), false);
    if (!shard) {
        return shard.error();
    }
    Descriptor file(::openat(shard->number(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    struct stat status{};
    if (!file || ::fstat(file.number(), &status) != 0) {
        return file_error("open blob", errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return errors::internal("a blob is no file: " + name);
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    return std::make_shared<const BlobFile>(BlobFile{std::move(file), size});
}

Result<void> BlobFolder::remove(const std::string& name) const {
    const auto shard = open_folder(root_.number(), shard_of(name), false);
    if (!shard && shard.error().code == ErrorCode::not_found) {
        return ok();
    }
    if (!shard) {
        return shard.error();
    }
    if (::unlinkat(shard->number(), name.c_str(), 0) != 0 && errno != ENOENT) {
        return file_error("remove blob", errno);
    }
    return ok();
}

// Folder by folder, until there are enough.
Result<std::vector<std::string>> BlobFolder::list(const std::string& after, std::size_t limit) const {
    auto shards = list_folder(root_);
    if (!shards) {
        return shards.error();
    }
    std::ranges::sort(*shards);
    std::vector<std::string> found;
    for (const auto& shard : *shards) {
        if (found.size() >= limit) {
            break;
        }
        if (shard.size() != shard_digits || shard < shard_of(after)) {
            continue;
        }
        if (auto added = list_shard(shard, after, found); !added) {
            return added.error();
        }
    }
    found.resize(std::min(found.size(), limit));
    return found;
}

Result<void> BlobFolder::list_shard(const std::string& shard, const std::string& after,
                                    std::vector<std::string>& found) const {
    const auto folder = open_folder(root_.number(), shard, false);
    if (!folder) {
        return folder.error();
    }
    auto names = list_folder(*folder);
    if (!names) {
        return names.error();
    }
    std::erase_if(*names, [&](const auto& name) { return name <= after || !is_blob_name(name); });
    std::ranges::sort(*names);
    std::ranges::move(*names, std::back_inserter(found));
    return ok();
}

void BlobFolder::remove_draft(const DraftFile& draft) const {
    if (!draft.is_kept && ::unlinkat(drafts_.number(), draft.name.c_str(), 0) != 0) {
        log::warn("blobs.draft_left", {{"errno", errno}});
    }
}

}  // namespace ping::blobs
