#include "images/codecs.hpp"

#include <memory>
#include <webp/decode.h>
#include <webp/encode.h>

namespace ping::images {
namespace {

const std::uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

}  // namespace

Checked<Pixels> shrink_webp(std::string_view file, Size from, Size to) {
    WebPDecoderConfig config;
    if (WebPInitDecoderConfig(&config) == 0 ||
        WebPGetFeatures(bytes_of(file), file.size(), &config.input) != VP8_STATUS_OK ||
        config.input.width != from.width || config.input.height != from.height) {
        return Refusal::broken;
    }
    Pixels pixels(to, 4);
    config.options.use_scaling = to.width != from.width || to.height != from.height ? 1 : 0;
    config.options.scaled_width = to.width;
    config.options.scaled_height = to.height;
    config.output.colorspace = MODE_RGBA;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = pixels.bytes.data();
    config.output.u.RGBA.stride = static_cast<int>(pixels.stride());
    config.output.u.RGBA.size = pixels.bytes.size();
    const auto status = WebPDecode(bytes_of(file), file.size(), &config);
    WebPFreeDecBuffer(&config.output);
    if (status == VP8_STATUS_OUT_OF_MEMORY) {
        return Refusal::too_complex;
    }
    return status == VP8_STATUS_OK ? Checked<Pixels>(std::move(pixels)) : Refusal::broken;
}

Checked<Pixels> decode_webp(std::string_view file, Size size) {
    return shrink_webp(file, size, size);
}

Checked<std::string> encode_webp(const Pixels& pixels, float quality) {
    std::uint8_t* bytes = nullptr;
    const auto size = WebPEncodeRGBA(pixels.bytes.data(), pixels.width, pixels.height,
                                     static_cast<int>(pixels.stride()), quality, &bytes);
    const std::unique_ptr<std::uint8_t, void (*)(void*)> owner(bytes, WebPFree);
    if (size == 0) {
        return Refusal::too_complex;
    }
    return std::string(bytes, bytes + size);
}

}  // namespace ping::images
