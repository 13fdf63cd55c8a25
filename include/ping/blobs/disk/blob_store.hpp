#pragma once

#include "ping/blobs/blob_store.hpp"
#include "ping/runtime/worker_pool.hpp"

#include <filesystem>
#include <memory>

namespace ping::blobs {

struct DiskOptions {
    std::filesystem::path folder;
    int free_percent = 5;  ///< of the file system, which must be free for a new blob
};

/// Blobs as files of one folder: `tmp/` holds the drafts, `ab/abcd...` the kept ones. A blob is written to a
/// draft, fsynced, renamed, its folder fsynced. No path is ever made of anything but a folder's descriptor
/// and a checked name, and no symbolic link is followed. One process owns the folder. The pool does all the
/// work.
class DiskBlobStore final : public BlobStore {
public:
    /// Makes the folder (mode 0700) when it is missing, and removes the drafts that a crash has left. Blocks.
    static Result<std::unique_ptr<DiskBlobStore>> open(WorkerPool& pool, const DiskOptions& options);
    ~DiskBlobStore() override;

    Task<Result<std::shared_ptr<Draft>>> begin() override;
    Task<Result<void>> keep(std::shared_ptr<Draft> draft, std::string name) override;
    Task<Result<std::shared_ptr<Blob>>> open(std::string name) override;
    Task<Result<void>> remove(std::string name) override;
    Task<Result<std::vector<std::string>>> list(std::string after, std::size_t limit) override;

private:
    class Impl;
    explicit DiskBlobStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace ping::blobs
