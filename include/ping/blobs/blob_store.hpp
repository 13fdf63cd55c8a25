#pragma once

#include "ping/core/error.hpp"
#include "ping/runtime/task.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ping::blobs {

/// A blob in the making: a file of this machine, whatever the store is. It is gone with this object unless it
/// was kept. Loop thread.
class Draft {
public:
    Draft() = default;
    virtual ~Draft() = default;
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    /// One call at a time. storage_full, internal.
    virtual Task<Result<void>> append(std::string bytes) = 0;
    /// The file, open for reading and writing, so that another process can fill or read it. Good while the
    /// draft is there and no other call is under way.
    virtual int descriptor() const = 0;
};

/// A kept blob, open for reading. It can be read to its end even when it is removed meanwhile. Loop thread.
class Blob {
public:
    Blob() = default;
    virtual ~Blob() = default;
    Blob(const Blob&) = delete;
    Blob& operator=(const Blob&) = delete;

    virtual std::size_t size() const = 0;
    /// The bytes from `offset` on, at most `size`; empty at the end.
    virtual Task<Result<std::string>> read(std::size_t offset, std::size_t size) = 0;
};

/// Large immutable things by name. Names are made by the server: 3 to 64 of `[0-9a-z.-]`, the first two hex
/// digits; any other name is invalid. Common errors: unavailable (too much to do), internal. Loop thread.
class BlobStore {
public:
    virtual ~BlobStore() = default;

    /// storage_full when the disk is nearly full.
    virtual Task<Result<std::shared_ptr<Draft>>> begin() = 0;
    /// The draft is now the blob of that name, which must be a new one; durable when it returns.
    virtual Task<Result<void>> keep(std::shared_ptr<Draft> draft, std::string name) = 0;
    /// not_found.
    virtual Task<Result<std::shared_ptr<Blob>>> open(std::string name) = 0;
    /// Success also when there is none.
    virtual Task<Result<void>> remove(std::string name) = 0;
    /// Names of kept blobs after `after`, ascending, at most `limit`.
    virtual Task<Result<std::vector<std::string>>> list(std::string after, std::size_t limit) = 0;
};

}  // namespace ping::blobs
