#include "ping/media/controller.hpp"

namespace ping::media {
namespace {

// What a slow reader keeps in memory.
constexpr std::size_t piece = 64UL * 1024;

class ImageStream final : public http::ResponseStream {
public:
    explicit ImageStream(std::shared_ptr<blobs::Blob> blob) : blob_(std::move(blob)) {}

    std::size_t size() const override { return blob_->size(); }
    Task<Result<std::string>> read() override {
        auto bytes = co_await blob_->read(at_, piece);
        if (bytes) {
            at_ += bytes->size();
        }
        co_return bytes;
    }

private:
    std::shared_ptr<blobs::Blob> blob_;
    std::size_t at_ = 0;
};

/// Whatever is in the file, a browser shows an image or nothing, runs nothing and asks for nothing more
/// (T45).
void add_headers(http::Response& response, const OpenImage& image) {
    response.with_header("Content-Type", std::string(images::content_type(image.format)));
    response.with_header("Content-Disposition",
                         "inline; filename=\"image." + std::string(images::to_string(image.format)) + "\"");
    response.with_header("Content-Security-Policy", "default-src 'none'; sandbox");
    response.with_header("X-Content-Type-Options", "nosniff");
    // The pages of the family are on other origins.
    response.with_header("Cross-Origin-Resource-Policy", "cross-origin");
    response.with_header("Cache-Control",
                         "private, max-age=" + std::to_string(image.good_for.count()) + ", immutable");
}

}  // namespace

Task<Result<http::Response>> Controller::image(http::Request& request) {
    return serve(request, false);
}

Task<Result<http::Response>> Controller::thumbnail(http::Request& request) {
    return serve(request, true);
}

Task<Result<http::Response>> Controller::serve(http::Request& request, bool is_thumb) {
    Link link;
    link.public_id = request.param("publicId");
    link.is_thumb = is_thumb;
    link.expires = request.query("exp").value_or("");
    link.signature = request.query("sig").value_or("");
    const auto image = co_await service_.open(std::move(link));
    if (!image) {
        co_return image.error();
    }
    http::Response response;
    add_headers(response, *image);
    response.stream = std::make_shared<ImageStream>(image->blob);
    co_return response;
}

}  // namespace ping::media
