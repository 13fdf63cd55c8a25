#pragma once

#include "blobs/disk/file.hpp"
#include "ping/blobs/disk/blob_store.hpp"
#include "ping/core/error.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ping::blobs {

/// A draft's file in `tmp/`.
struct DraftFile {
    std::string name;
    Descriptor file;
    bool is_kept = false;  ///< has left `tmp/`
};

struct BlobFile {
    Descriptor file;
    std::size_t size = 0;
};

bool is_blob_name(std::string_view name);

/// The folder of a DiskBlobStore and what is done in it. Everything blocks; any thread, several at a time.
class BlobFolder {
public:
    static Result<std::unique_ptr<BlobFolder>> open(const DiskOptions& options);

    Result<void> remove_drafts() const;
    Result<std::shared_ptr<DraftFile>> make_draft(const std::string& name) const;
    void remove_draft(const DraftFile& draft) const;
    /// `name` is a blob's name; likewise below.
    Result<void> keep(DraftFile& draft, const std::string& name) const;
    Result<std::shared_ptr<const BlobFile>> open_blob(const std::string& name) const;
    Result<void> remove(const std::string& name) const;
    Result<std::vector<std::string>> list(const std::string& after, std::size_t limit) const;

private:
    BlobFolder(int free_percent, Descriptor root, Descriptor drafts)
        : free_percent_(free_percent), root_(std::move(root)), drafts_(std::move(drafts)) {}
    Result<void> check_room() const;
    Result<void> list_shard(const std::string& shard, const std::string& after,
                            std::vector<std::string>& found) const;

    int free_percent_;
    Descriptor root_;
    Descriptor drafts_;
};

}  // namespace ping::blobs
