#pragma once

#include "ping/core/error.hpp"
#include "ping/http/request.hpp"
#include "ping/http/response.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ping::http {

/// A file that the build has put into the program. The views live as long as the program. An empty view:
/// there is no such copy; at least one of `plain` and `gzip` is there.
struct EmbeddedFile {
    std::string_view path;  ///< as in the address: `/assets/index-1a2b.js`
    std::string_view hash;  ///< hex, of the plain contents
    std::string_view plain;
    std::string_view gzip;
    std::string_view brotli;
};

enum class Caching {
    revalidate,  ///< kept, but asked for again each time: the address stays, the contents change
    forever,     ///< the address has the contents' hash in it
};

/// Files that are answered as they are, compressed beforehand: strong ETags, 304, br or gzip as the client
/// likes. Only files known from the start exist, so no path of a request ever reaches a file system. Any
/// thread; immutable but for plain copies that are inflated when the first client without compression asks.
class StaticFiles {
public:
    /// The views of `files` must outlive this.
    explicit StaticFiles(std::span<const EmbeddedFile> files);
    /// All regular files below `folder`, read now; `x.br` and `x.gz` beside `x` are its compressed copies.
    /// Follows no symbolic link out of it. invalid when it cannot be read, or is larger than 64 MiB.
    static Result<StaticFiles> read(const std::filesystem::path& folder);

    StaticFiles(StaticFiles&&) noexcept;
    StaticFiles& operator=(StaticFiles&&) = delete;
    ~StaticFiles();

    bool contains(std::string_view path) const;
    /// Of all files, in order.
    std::vector<std::string> paths() const;
    /// 200 or 304 for the file at `path` (RFC 9110 §12.5.3, §13.1.2); not_found when there is none.
    /// Content-Type comes from the name's ending.
    Result<Response> answer(const Request& request, std::string_view path, Caching caching) const;

private:
    struct Folder;
    StaticFiles();
    std::string_view plain_of(const EmbeddedFile& file) const;

    std::map<std::string_view, EmbeddedFile> files_;
    std::unique_ptr<Folder> folder_;  ///< what `read` has read; null for embedded files
    std::unique_ptr<std::mutex> mutex_;
    mutable std::map<std::string_view, std::string> inflated_;  ///< by path; guarded by mutex_
};

}  // namespace ping::http
