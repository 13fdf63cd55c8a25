#pragma once

#include "ping/core/error.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ping::blobs {

/// An open file or folder, closed with this object.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    int number() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }

private:
    int number_ = -1;
};

/// What `errno` says, as an Error: a full disk is storage_full, no descriptors unavailable, a missing file
/// not_found, the rest internal.
Error file_error(std::string_view what, int reason);

/// A folder in another one (AT_FDCWD: the working folder), made with mode 0700 when it is missing and `make`
/// is set. Not by a symbolic link.
Result<Descriptor> open_folder(int parent, const std::string& name, bool make);
/// Names in a folder but `.` and `..`, in no order.
Result<std::vector<std::string>> list_folder(const Descriptor& folder);
Result<void> write_all(const Descriptor& file, std::string_view bytes);

}  // namespace ping::blobs
