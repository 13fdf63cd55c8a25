#pragma once

#include "ping/blobs/blob_store.hpp"
#include "ping/core/clock.hpp"
#include "ping/core/config.hpp"
#include "ping/core/error.hpp"
#include "ping/core/metrics.hpp"
#include "ping/crypto/hmac.hpp"
#include "ping/crypto/random.hpp"
#include "ping/images/worker.hpp"
#include "ping/media/types.hpp"
#include "ping/runtime/async_event.hpp"
#include "ping/runtime/task.hpp"
#include "ping/runtime/task_group.hpp"
#include "ping/runtime/worker_pool.hpp"
#include "ping/storage/image_store.hpp"

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ping::media {

/// Images: taken in as a stream, made clean by a child process, kept as blobs, served by signed links. Whose
/// message an image is in is the chats' business. Loop thread.
class Service {
public:
    struct Ports {
        blobs::BlobStore& blobs;
        storage::ImageStore& images;
        WorkerPool& workers;  ///< waits for the image workers: its threads are their number
        const Clock& clock;
        Rng& rng;
        Loop& loop;
        TaskGroup& tasks;
    };
    /// Uploads at a time, of a person and of all.
    static constexpr int uploads_per_user = 4;
    static constexpr std::size_t uploads_at_most = 256;

    Service(Ports ports, crypto::KeyRing link_keys, const Config& config, images::WorkerOptions worker,
            Metrics& metrics);

    /// rate_limited, unavailable with too many uploads at a time; too_large when the owner's quota is used
    /// up; storage_full when the disk is nearly full.
    Task<Result<std::shared_ptr<Upload>>> begin(UserId owner);
    /// too_large when the file passes `limits.upload_bytes`.
    Task<Result<void>> append(Upload& upload, std::string bytes);
    /// Reads what was sent as an image and keeps it. Errors of images::run_worker and of the store.
    Task<Result<std::shared_ptr<NewPicture>>> keep(std::shared_ptr<Upload> upload);
    /// The picture's message is stored, or may be: from here on only a sweep removes it, which asks the
    /// store.
    void claim(const NewPicture& picture);
    /// The most bytes that a person's images may take.
    std::int64_t quota() const { return static_cast<std::int64_t>(config_.blobs.user_quota); }

    /// Fills in the links, good until the second next 00:00 UTC: the same all day, so that caches work.
    void sign(Image& image) const;
    /// forbidden for a link that none of our keys has signed or whose time is over, not_found for an image
    /// that is gone.
    Task<Result<OpenImage>> open(Link link);

    /// Removes blobs that no message has, now and every hour, until `stop`: what a crash has left.
    Task<> run();
    void stop();

private:
    struct Drafts;
    struct Made;
    Task<Result<Drafts>> begin_drafts(const Upload& upload);
    Task<Result<void>> keep_blobs(const Drafts& drafts, std::string public_id);
    static Result<Made> make(const images::WorkerOptions& worker, const Drafts& drafts);
    std::string link_to(const std::string& path) const;
    void remove_later(const std::string& public_id);
    Task<Result<void>> remove(std::string public_id);
    Task<Result<void>> sweep();
    Task<Result<void>> remove_orphans(std::vector<std::string> public_ids);

    Ports ports_;
    const crypto::KeyRing link_keys_;
    const Config& config_;
    images::WorkerOptions worker_;
    AsyncEvent wake_;
    bool is_stopping_ = false;
    std::unordered_map<UserId, int> uploads_;
    std::size_t uploads_of_all_ = 0;
    std::set<std::string> unclaimed_;  ///< kept, but their message is still to be stored
    Counter& orphans_;
};

}  // namespace ping::media
