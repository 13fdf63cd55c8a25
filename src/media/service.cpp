#include "ping/media/service.hpp"

#include "media/files.hpp"
#include "media/names.hpp"
#include "ping/core/failpoint.hpp"

namespace ping::media {
namespace {

constexpr std::size_t id_bytes = 16;
constexpr std::chrono::seconds upload_wait{2};

}  // namespace

/// The files of one image, each empty but the first.
struct Service::Drafts {
    std::shared_ptr<blobs::Draft> sent;
    std::shared_ptr<blobs::Draft> picture;
    std::shared_ptr<blobs::Draft> thumbnail;
};

/// What the worker has made of them.
struct Service::Made {
    images::Picture picture;
    std::string digest;
    std::int64_t bytes = 0;
};

Service::Service(Ports ports, crypto::KeyRing link_keys, const Config& config, images::WorkerOptions worker,
                 Metrics& metrics)
    : ports_(ports),
      link_keys_(std::move(link_keys)),
      config_(config),
      worker_(std::move(worker)),
      wake_(ports.loop),
      orphans_(metrics.counter("ping_media_orphans_total", "Images removed because no message has them")) {}

Task<Result<std::shared_ptr<Upload>>> Service::begin(UserId owner) {
    if (uploads_of_all_ >= uploads_at_most) {
        co_return errors::unavailable("Too many images are being sent", "uploads_busy");
    }
    if (config_.limits.per_user != 0 && uploads_[owner] >= uploads_per_user) {
        co_return errors::rate_limited("You are sending too many images at a time", upload_wait,
                                       "upload_limit");
    }
    auto upload = std::make_shared<Upload>();
    upload->owner = owner;
    ++uploads_[owner];
    ++uploads_of_all_;
    upload->place = std::make_unique<OnExit>([this, owner] {
        --uploads_of_all_;
        if (--uploads_[owner] == 0) {
            uploads_.erase(owner);
        }
    });
    const auto taken = co_await ports_.images.bytes_of(owner);
    if (!taken) {
        co_return taken.error();
    }
    if (*taken >= quota()) {
        co_return Error(ErrorCode::too_large, "quota_exceeded",
                        "Your images take all the room that you have");
    }
    const auto draft = co_await ports_.blobs.begin();
    if (!draft) {
        co_return draft.error();
    }
    upload->draft = *draft;
    co_return upload;
}

Task<Result<void>> Service::append(Upload& upload, std::string bytes) {
    upload.size += bytes.size();
    if (upload.size > config_.limits.upload_bytes) {
        co_return Error(
            ErrorCode::too_large, "file_too_large",
            "An image may have at most " + std::to_string(config_.limits.upload_bytes) + " bytes");
    }
    auto appended = co_await upload.draft->append(std::move(bytes));
    co_return appended;
}

Task<Result<Service::Drafts>> Service::begin_drafts(const Upload& upload) {
    const auto picture = co_await ports_.blobs.begin();
    if (!picture) {
        co_return picture.error();
    }
    const auto thumbnail = co_await ports_.blobs.begin();
    if (!thumbnail) {
        co_return thumbnail.error();
    }
    co_return Drafts{upload.draft, *picture, *thumbnail};
}

Result<Service::Made> Service::make(const images::WorkerOptions& worker, const Drafts& drafts) {
    const images::WorkerFiles files{drafts.sent->descriptor(), drafts.picture->descriptor(),
                                    drafts.thumbnail->descriptor()};
    auto digest = digest_of(files.file);
    if (!digest) {
        return digest.error();
    }
    const auto picture = images::run_worker(worker, files);
    if (!picture) {
        return picture.error();
    }
    const auto picture_size = size_on_disk(files.picture);
    const auto thumbnail_size = size_on_disk(files.thumbnail);
    if (!picture_size || !thumbnail_size) {
        return picture_size ? thumbnail_size.error() : picture_size.error();
    }
    return Made{*picture, std::move(*digest), *picture_size + *thumbnail_size};
}

Task<Result<std::shared_ptr<NewPicture>>> Service::keep(std::shared_ptr<Upload> upload) {
    const auto drafts = co_await begin_drafts(*upload);
    if (!drafts) {
        co_return drafts.error();
    }
    const auto work = [worker = worker_, files = *drafts] { return make(worker, files); };
    const auto made = co_await ports_.workers.run<Made>(work);
    if (!made) {
        co_return made.error();
    }
    auto kept = std::make_shared<NewPicture>();
    kept->image.public_id = crypto::random_hex(ports_.rng, id_bytes);
    kept->image.width = made->picture.width;
    kept->image.height = made->picture.height;
    kept->bytes = made->bytes;
    kept->digest = made->digest;
    unclaimed_.insert(kept->image.public_id);
    kept->removal = std::make_unique<OnExit>([this, id = kept->image.public_id] { remove_later(id); });
    const auto stored = co_await keep_blobs(*drafts, kept->image.public_id);
    if (!stored) {
        co_return stored.error();
    }
    PING_FAILPOINT(U2);
    co_return kept;
}

// The thumbnail first: where the picture is, both are.
Task<Result<void>> Service::keep_blobs(const Drafts& drafts, std::string public_id) {
    auto kept = co_await ports_.blobs.keep(drafts.thumbnail, thumbnail_name(public_id));
    if (kept) {
        kept = co_await ports_.blobs.keep(drafts.picture, public_id);
    }
    co_return kept;
}

void Service::claim(const NewPicture& picture) {
    picture.removal->cancel();
    unclaimed_.erase(picture.image.public_id);
}

}  // namespace ping::media
