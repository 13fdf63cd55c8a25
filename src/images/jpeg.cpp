#include "images/codecs.hpp"

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <jpeglib.h>
// After jpeglib.h.
#include <jerror.h>
#include <memory>
#include <optional>

// libjpeg reports errors by a call that must not return: setjmp and longjmp. What longjmp passes over has no
// destructor: each `guarded` block uses only what was made before it.
namespace ping::images {
namespace {

constexpr int rotated_quality = 90;
// Display P3 has 0.5 kB, sRGB 3 kB. A longer profile is for printers, and a place to hide things.
constexpr std::size_t profile_at_most = 4096;
constexpr std::size_t profile_header = 128;

struct Errors {
    jpeg_error_mgr manager{};
    std::jmp_buf jump{};
    Refusal why = Refusal::broken;
};

[[noreturn]] void on_error(j_common_ptr codec) {
    auto* const errors = reinterpret_cast<Errors*>(codec->err);  // the manager is the first member
    errors->why = codec->err->msg_code == JERR_OUT_OF_MEMORY ? Refusal::too_complex : Refusal::broken;
    std::longjmp(errors->jump, 1);
}

// Warnings are for data that is wrong: a truncated file is one.
void on_message(j_common_ptr codec, int level) {
    if (level < 0) {
        on_error(codec);
    }
}

jpeg_error_mgr* install(Errors& errors) {
    jpeg_std_error(&errors.manager);
    errors.manager.error_exit = on_error;
    errors.manager.emit_message = on_message;
    errors.manager.output_message = [](j_common_ptr) {};
    return &errors.manager;
}

template <class Work>
bool guarded(Errors& errors, const Work& work) {
    if (setjmp(errors.jump) != 0) {
        return false;
    }
    work();
    return true;
}

struct Decoder {
    Decoder() {
        codec.err = install(errors);
        jpeg_create_decompress(&codec);
    }
    ~Decoder() { jpeg_destroy_decompress(&codec); }
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    void open(std::string_view file) {
        jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(file.data()), file.size());
    }
    Errors errors;
    jpeg_decompress_struct codec{};
};

struct Encoder {
    Encoder() {
        codec.err = install(errors);
        jpeg_create_compress(&codec);
    }
    ~Encoder() {
        jpeg_destroy_compress(&codec);
        std::free(bytes);
    }
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;

    void open() { jpeg_mem_dest(&codec, &bytes, &size); }
    std::string take() const { return {reinterpret_cast<const char*>(bytes), size}; }

    Errors errors;
    jpeg_compress_struct codec{};
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
};

/// The colour profile, when it is a short and sound one.
class Profile {
public:
    ~Profile() { std::free(bytes_); }
    Profile() = default;
    Profile(const Profile&) = delete;
    Profile& operator=(const Profile&) = delete;

    void read(jpeg_decompress_struct& codec) {
        jpeg_read_icc_profile(&codec, &bytes_, &size_);
        // ICC.1 §7.2: the size first, `acsp` at 36.
        const std::string_view text(reinterpret_cast<const char*>(bytes_), bytes_ == nullptr ? 0 : size_);
        is_fit_ =
            text.size() > profile_header && text.size() <= profile_at_most && text.substr(36, 4) == "acsp";
    }
    void write(jpeg_compress_struct& codec) const {
        if (is_fit_) {
            jpeg_write_icc_profile(&codec, bytes_, size_);
        }
    }

private:
    JOCTET* bytes_ = nullptr;
    unsigned int size_ = 0;
    bool is_fit_ = false;
};

bool is_size(const jpeg_decompress_struct& codec, Size size) {
    return codec.image_width == static_cast<JDIMENSION>(size.width) &&
           codec.image_height == static_cast<JDIMENSION>(size.height);
}

/// The size and the profile; false when the size is another. Called within `guarded`.
bool read_header(Decoder& decoder, std::string_view file, Size size, Profile& profile) {
    decoder.open(file);
    jpeg_save_markers(&decoder.codec, JPEG_APP0 + 2, 0xFFFF);
    jpeg_read_header(&decoder.codec, TRUE);
    if (!is_size(decoder.codec, size)) {
        return false;
    }
    profile.read(decoder.codec);
    return true;
}

// Decoding to n/8 of the size is much cheaper: the smallest that is not below what is wanted.
unsigned int eighths(Size from, Size to) {
    unsigned int n = 1;
    while (n < 8 && (from.width * static_cast<long long>(n) < 8LL * to.width ||
                     from.height * static_cast<long long>(n) < 8LL * to.height)) {
        ++n;
    }
    return n;
}

/// Copies the coefficients into a new file.
Checked<std::string> copy_jpeg(std::string_view file, Size size) {
    Decoder decoder;
    Encoder encoder;
    Profile profile;
    bool is_expected = false;
    const auto read = [&] {
        is_expected = read_header(decoder, file, size, profile);
        if (!is_expected) {
            return;
        }
        auto* const coefficients = jpeg_read_coefficients(&decoder.codec);
        const auto write = [&] {
            encoder.open();
            jpeg_copy_critical_parameters(&decoder.codec, &encoder.codec);
            encoder.codec.optimize_coding = TRUE;
            if (decoder.codec.progressive_mode != 0) {
                jpeg_simple_progression(&encoder.codec);
            }
            jpeg_write_coefficients(&encoder.codec, coefficients);
            profile.write(encoder.codec);
            jpeg_finish_compress(&encoder.codec);
        };
        is_expected = guarded(encoder.errors, write);
        jpeg_finish_decompress(&decoder.codec);
    };
    if (!guarded(decoder.errors, read) || !is_expected) {
        return decoder.errors.why;
    }
    return encoder.take();
}

Checked<Pixels> decode_jpeg(std::string_view file, Size size, Profile& profile) {
    Decoder decoder;
    Pixels pixels(size, 3);
    bool is_expected = false;
    const auto read = [&] {
        is_expected = read_header(decoder, file, size, profile);
        if (!is_expected) {
            return;
        }
        decoder.codec.out_color_space = JCS_RGB;
        jpeg_start_decompress(&decoder.codec);
        while (decoder.codec.output_scanline < decoder.codec.output_height) {
            JSAMPROW row = pixels.row(static_cast<int>(decoder.codec.output_scanline));
            jpeg_read_scanlines(&decoder.codec, &row, 1);
        }
        jpeg_finish_decompress(&decoder.codec);
    };
    if (!guarded(decoder.errors, read) || !is_expected) {
        return decoder.errors.why;
    }
    return pixels;
}

Checked<std::string> encode_jpeg(Pixels& pixels, const Profile& profile) {
    Encoder encoder;
    const auto write = [&] {
        encoder.open();
        encoder.codec.image_width = static_cast<JDIMENSION>(pixels.width);
        encoder.codec.image_height = static_cast<JDIMENSION>(pixels.height);
        encoder.codec.input_components = 3;
        encoder.codec.in_color_space = JCS_RGB;
        jpeg_set_defaults(&encoder.codec);
        jpeg_set_quality(&encoder.codec, rotated_quality, TRUE);
        jpeg_start_compress(&encoder.codec, TRUE);
        profile.write(encoder.codec);
        while (encoder.codec.next_scanline < encoder.codec.image_height) {
            JSAMPROW row = pixels.row(static_cast<int>(encoder.codec.next_scanline));
            jpeg_write_scanlines(&encoder.codec, &row, 1);
        }
        jpeg_finish_compress(&encoder.codec);
    };
    return guarded(encoder.errors, write) ? Checked<std::string>(encoder.take()) : encoder.errors.why;
}

}  // namespace

Checked<Pixels> shrink_jpeg(std::string_view file, Size from, Size to) {
    Decoder decoder;
    std::vector<std::uint8_t> row(static_cast<std::size_t>(from.width) * 4);
    std::optional<Shrinker> shrinker;
    bool is_expected = false;
    const auto read = [&] {
        decoder.open(file);
        jpeg_read_header(&decoder.codec, TRUE);
        is_expected = is_size(decoder.codec, from);
        if (!is_expected) {
            return;
        }
        decoder.codec.out_color_space = JCS_EXT_RGBA;
        decoder.codec.scale_num = eighths(from, to);
        decoder.codec.scale_denom = 8;
        jpeg_start_decompress(&decoder.codec);
        const Size scaled{static_cast<int>(decoder.codec.output_width),
                          static_cast<int>(decoder.codec.output_height)};
        shrinker.emplace(scaled, to);
        while (decoder.codec.output_scanline < decoder.codec.output_height) {
            JSAMPROW sample = row.data();
            jpeg_read_scanlines(&decoder.codec, &sample, 1);
            shrinker->add(row.data());
        }
        jpeg_finish_decompress(&decoder.codec);
    };
    if (!guarded(decoder.errors, read) || !is_expected) {
        return decoder.errors.why;
    }
    return shrinker->take();
}

Checked<std::string> clean_jpeg(std::string_view file, const Inspected& inspected) {
    const Size size{inspected.width, inspected.height};
    if (inspected.orientation == 1) {
        return copy_jpeg(file, size);
    }
    Profile profile;
    auto pixels = decode_jpeg(file, size, profile);
    if (!pixels) {
        return pixels.error();
    }
    auto turned = upright(std::move(*pixels), inspected.orientation);
    return encode_jpeg(turned, profile);
}

}  // namespace ping::images
