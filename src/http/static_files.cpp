#include "ping/http/static_files.hpp"

#include "http/ascii.hpp"
#include "http/content_coding.hpp"

#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <system_error>
#include <utility>

namespace ping::http {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_file = 16UL * 1024 * 1024;
constexpr std::size_t largest_folder = 64UL * 1024 * 1024;

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> types{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webp", "image/webp"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".map", "application/json"},
}};

std::string_view type_of(std::string_view path) {
    for (const auto& [ending, type] : types) {
        if (path.ends_with(ending)) {
            return type;
        }
    }
    return "application/octet-stream";
}

std::string etag_of(std::string_view hash, Coding coding) {
    const std::string_view ending = coding == Coding::brotli ? "-br" : coding == Coding::gzip ? "-gz" : "";
    return "\"" + std::string(hash) + std::string(ending) + "\"";
}

/// If-None-Match compares weakly: `W/` before a tag means nothing (RFC 9110 §13.1.2).
bool is_known(std::string_view if_none_match, std::string_view etag) {
    bool known = false;
    ascii::for_each_part(if_none_match, ',', [&](std::string_view tag) {
        if (tag.starts_with("W/")) {
            tag.remove_prefix(2);
        }
        known = known || tag == etag || tag == "*";
    });
    return known;
}

Error cannot_read(const fs::path& path) {
    return errors::invalid("cannot read " + path.string(), "bad_web_dir");
}

Result<std::string> read_file(const fs::path& path) {
    std::error_code failed;
    const auto size = fs::file_size(path, failed);
    std::ifstream stream(path, std::ios::binary);
    if (failed || !stream || size > largest_file) {
        return cannot_read(path);
    }
    std::string text(size, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(size));
    if (!stream) {
        return cannot_read(path);
    }
    return text;
}

/// For files that the build did not hash: any hash that differs when the contents do will do, it is no
/// secret.
std::string quick_hash(const std::string& text) {
    return std::to_string(text.size()) + "-" + std::to_string(std::hash<std::string>{}(text));
}

}  // namespace

/// Names and contents of a folder; nodes of a map, so that views into them stay good.
struct StaticFiles::Folder {
    std::map<std::string, std::string> contents;
    std::map<std::string, std::string> hashes;

    Result<void> add(const fs::path& root, const fs::directory_entry& entry) {
        auto text = read_file(entry.path());
        if (!text) {
            return text.error();
        }
        size_ += text->size();
        if (size_ > largest_folder) {
            return errors::invalid(root.string() + " has more than 64 MiB", "bad_web_dir");
        }
        auto name = "/" + entry.path().lexically_relative(root).generic_string();
        contents.emplace(std::move(name), std::move(*text));
        return {};
    }
    std::string_view copy_of(const std::string& name) const {
        const auto found = contents.find(name);
        return found == contents.end() ? std::string_view() : std::string_view(found->second);
    }

private:
    std::size_t size_ = 0;
};

StaticFiles::StaticFiles() : mutex_(std::make_unique<std::mutex>()) {}

StaticFiles::StaticFiles(std::span<const EmbeddedFile> files) : StaticFiles() {
    for (const auto& file : files) {
        files_.emplace(file.path, file);
    }
}

StaticFiles::StaticFiles(StaticFiles&&) noexcept = default;
StaticFiles::~StaticFiles() = default;

Result<StaticFiles> StaticFiles::read(const fs::path& folder) {
    StaticFiles files;
    files.folder_ = std::make_unique<Folder>();
    std::error_code failed;
    fs::recursive_directory_iterator entries(folder, failed);
    for (; !failed && entries != fs::recursive_directory_iterator(); entries.increment(failed)) {
        std::error_code unknown;
        if (!entries->is_regular_file(unknown) || entries->is_symlink(unknown)) {
            continue;
        }
        if (auto added = files.folder_->add(folder, *entries); !added) {
            return added.error();
        }
    }
    if (failed) {
        return cannot_read(folder);
    }
    for (const auto& [name, text] : files.folder_->contents) {
        if (name.ends_with(".br") || name.ends_with(".gz")) {
            continue;
        }
        const auto& hash = files.folder_->hashes[name] = quick_hash(text);
        const EmbeddedFile file{name, hash, text, files.folder_->copy_of(name + ".gz"),
                                files.folder_->copy_of(name + ".br")};
        files.files_.emplace(name, file);
    }
    return files;
}

bool StaticFiles::contains(std::string_view path) const {
    return files_.contains(path);
}

std::vector<std::string> StaticFiles::paths() const {
    std::vector<std::string> paths;
    paths.reserve(files_.size());
    for (const auto& [path, file] : files_) {
        paths.emplace_back(path);
    }
    return paths;
}

std::string_view StaticFiles::plain_of(const EmbeddedFile& file) const {
    if (!file.plain.empty() || file.gzip.empty()) {
        return file.plain;
    }
    const std::lock_guard lock(*mutex_);
    const auto known = inflated_.find(file.path);
    if (known != inflated_.end()) {
        return known->second;
    }
    auto plain = inflate_gzip(file.gzip, largest_file);
    // The build made the copy: a broken one is a broken program, which its tests find.
    return inflated_.emplace(file.path, plain ? std::move(*plain) : std::string()).first->second;
}

Result<Response> StaticFiles::answer(const Request& request, std::string_view path, Caching caching) const {
    const auto found = files_.find(path);
    if (found == files_.end()) {
        return errors::not_found("Not found");
    }
    const auto& file = found->second;
    const auto coding =
        choose_coding(request.header("accept-encoding"), !file.brotli.empty(), !file.gzip.empty());
    const auto etag = etag_of(file.hash, coding);
    Response response;
    response.with_header("ETag", etag);
    response.with_header("Vary", "Accept-Encoding");
    response.with_header("Cache-Control",
                         caching == Caching::forever ? "public, max-age=31536000, immutable" : "no-cache");
    if (is_known(request.header("if-none-match"), etag)) {
        response.status = 304;
        return response;
    }
    response.with_header("Content-Type", std::string(type_of(path)));
    if (coding == Coding::identity) {
        response.body = plain_of(file);
        return response;
    }
    response.with_header("Content-Encoding", coding == Coding::brotli ? "br" : "gzip");
    response.body = coding == Coding::brotli ? file.brotli : file.gzip;
    return response;
}

}  // namespace ping::http
