#pragma once

#include "ping/core/error.hpp"

#include <filesystem>
#include <utility>

namespace ping::app {

/// The folder with everything that Ping keeps, held by one process: a lock on `pingd.lock` in it (flock)
/// keeps a second one out and goes with the process.
class DataFolder {
public:
    /// Makes the folder (mode 0700) when it is missing and locks it. conflict ("data_in_use") when another
    /// process has it.
    static Result<DataFolder> open(const std::filesystem::path& path);
    DataFolder(DataFolder&& other) noexcept
        : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)), is_new_(other.is_new_) {}
    DataFolder(const DataFolder&) = delete;
    DataFolder& operator=(const DataFolder&) = delete;
    DataFolder& operator=(DataFolder&&) = delete;
    ~DataFolder();

    const std::filesystem::path& path() const { return path_; }
    /// Whether `open` made it.
    bool is_new() const { return is_new_; }

private:
    DataFolder(std::filesystem::path path, int lock, bool is_new)
        : path_(std::move(path)), lock_(lock), is_new_(is_new) {}

    std::filesystem::path path_;
    int lock_;
    bool is_new_;
};

}  // namespace ping::app
