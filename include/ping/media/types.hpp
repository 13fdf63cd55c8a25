#pragma once

#include "ping/blobs/blob_store.hpp"
#include "ping/core/id.hpp"
#include "ping/domain/image.hpp"
#include "ping/images/format.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace ping::media {

/// Calls a function when it goes away, unless it was told not to.
class OnExit {
public:
    explicit OnExit(std::function<void()> call) : call_(std::move(call)) {}
    ~OnExit() {
        if (call_) {
            call_();
        }
    }
    OnExit(const OnExit&) = delete;
    OnExit& operator=(const OnExit&) = delete;
    void cancel() { call_ = nullptr; }

private:
    std::function<void()> call_;
};

/// A file on its way in. Holds one of its owner's places; what was received is gone with it.
struct Upload {
    UserId owner;
    std::shared_ptr<blobs::Draft> draft;
    std::size_t size = 0;
    std::unique_ptr<OnExit> place;
};

/// An image that is kept and has no message yet. Unless it is claimed (Service::claim) it is removed when
/// this goes away.
struct NewPicture {
    Image image;
    std::int64_t bytes = 0;  ///< that it takes on the disk
    std::string digest;      ///< SHA-256 of what was sent
    std::unique_ptr<OnExit> removal;
};

/// What a link names.
struct Link {
    std::string public_id;
    bool is_thumb = false;
    std::string expires;    ///< as in the query
    std::string signature;  ///< likewise
};

/// An image, open to be read.
struct OpenImage {
    std::shared_ptr<blobs::Blob> blob;
    images::Format format = images::Format::jpeg;
    std::chrono::seconds good_for{0};  ///< the link's time that is left
};

}  // namespace ping::media
