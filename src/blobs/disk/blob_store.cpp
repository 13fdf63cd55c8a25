#include "ping/blobs/disk/blob_store.hpp"

#include "blobs/disk/folder.hpp"

#include <cerrno>
#include <unistd.h>

namespace ping::blobs {
namespace {

Error bad_name() {
    return errors::invalid("This is no blob's name", "bad_name");
}

using Folder = std::shared_ptr<const BlobFolder>;

class DiskDraft final : public Draft {
public:
    DiskDraft(WorkerPool& pool, Folder folder, std::shared_ptr<DraftFile> file)
        : pool_(pool), folder_(std::move(folder)), file_(std::move(file)) {}
    ~DiskDraft() override {
        pool_.clean_up([folder = folder_, file = std::move(file_)] { folder->remove_draft(*file); });
    }
    DiskDraft(const DiskDraft&) = delete;
    DiskDraft& operator=(const DiskDraft&) = delete;

    Task<Result<void>> append(std::string bytes) override {
        return pool_.run<void>(
            [file = file_, bytes = std::move(bytes)] { return write_all(file->file, bytes); });
    }
    int descriptor() const override { return file_->file.number(); }
    const std::shared_ptr<DraftFile>& file() const { return file_; }

private:
    WorkerPool& pool_;
    Folder folder_;
    std::shared_ptr<DraftFile> file_;
};

class DiskBlob final : public Blob {
public:
    DiskBlob(WorkerPool& pool, std::shared_ptr<const BlobFile> file) : pool_(pool), file_(std::move(file)) {}
    ~DiskBlob() override {
        // Off the loop: the last close of a removed file frees its blocks.
        pool_.clean_up([file = std::move(file_)] {});
    }
    DiskBlob(const DiskBlob&) = delete;
    DiskBlob& operator=(const DiskBlob&) = delete;

    std::size_t size() const override { return file_->size; }
    Task<Result<std::string>> read(std::size_t offset, std::size_t size) override {
        return pool_.run<std::string>([file = file_, offset, size]() -> Result<std::string> {
            std::string bytes(size, '\0');
            const auto count = ::pread(file->file.number(), bytes.data(), size, static_cast<off_t>(offset));
            if (count < 0) {
                return file_error("read blob", errno);
            }
            bytes.resize(static_cast<std::size_t>(count));
            return bytes;
        });
    }

private:
    WorkerPool& pool_;
    std::shared_ptr<const BlobFile> file_;
};

}  // namespace

class DiskBlobStore::Impl {
public:
    WorkerPool& pool;
    Folder folder;
    std::uint64_t drafts = 0;  ///< made so far
};

Result<std::unique_ptr<DiskBlobStore>> DiskBlobStore::open(WorkerPool& pool, const DiskOptions& options) {
    auto folder = BlobFolder::open(options);
    if (!folder) {
        return folder.error();
    }
    if (auto removed = (*folder)->remove_drafts(); !removed) {
        return removed.error();
    }
    auto impl = std::make_unique<Impl>(Impl{pool, std::move(*folder)});
    return std::unique_ptr<DiskBlobStore>(new DiskBlobStore(std::move(impl)));
}

DiskBlobStore::DiskBlobStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

DiskBlobStore::~DiskBlobStore() = default;

Task<Result<std::shared_ptr<Draft>>> DiskBlobStore::begin() {
    const auto make = [folder = impl_->folder, name = std::to_string(++impl_->drafts)] {
        return folder->make_draft(name);
    };
    const auto file = co_await impl_->pool.run<std::shared_ptr<DraftFile>>(make);
    if (!file) {
        co_return file.error();
    }
    co_return std::make_shared<DiskDraft>(impl_->pool, impl_->folder, *file);
}

Task<Result<void>> DiskBlobStore::keep(std::shared_ptr<Draft> draft, std::string name) {
    const auto own = std::dynamic_pointer_cast<DiskDraft>(draft);
    if (own == nullptr || !is_blob_name(name)) {
        co_return bad_name();
    }
    const auto keep_it = [folder = impl_->folder, file = own->file(), name] {
        return folder->keep(*file, name);
    };
    auto kept = co_await impl_->pool.run<void>(keep_it);
    co_return kept;
}

Task<Result<std::shared_ptr<Blob>>> DiskBlobStore::open(std::string name) {
    if (!is_blob_name(name)) {
        co_return bad_name();
    }
    const auto open_it = [folder = impl_->folder, name] { return folder->open_blob(name); };
    const auto file = co_await impl_->pool.run<std::shared_ptr<const BlobFile>>(open_it);
    if (!file) {
        co_return file.error();
    }
    co_return std::make_shared<DiskBlob>(impl_->pool, *file);
}

Task<Result<void>> DiskBlobStore::remove(std::string name) {
    if (!is_blob_name(name)) {
        co_return bad_name();
    }
    const auto remove_it = [folder = impl_->folder, name] { return folder->remove(name); };
    auto removed = co_await impl_->pool.run<void>(remove_it);
    co_return removed;
}

Task<Result<std::vector<std::string>>> DiskBlobStore::list(std::string after, std::size_t limit) {
    const auto list_them = [folder = impl_->folder, after, limit] { return folder->list(after, limit); };
    auto names = co_await impl_->pool.run<std::vector<std::string>>(list_them);
    co_return names;
}

}  // namespace ping::blobs
