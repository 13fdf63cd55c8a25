#include "images/codecs.hpp"

#include <csetjmp>
#include <cstring>
#include <optional>
#include <png.h>

namespace ping::images {
namespace {

// A chunk that is not image data may not take more.
constexpr png_alloc_size_t chunk_memory = 1024UL * 1024;

struct Source {
    std::string_view rest;
};

void read_bytes(png_structp png, png_bytep to, std::size_t size) {
    auto* const source = static_cast<Source*>(png_get_io_ptr(png));
    if (size > source->rest.size()) {
        png_error(png, "truncated");
    }
    std::memcpy(to, source->rest.data(), size);
    source->rest.remove_prefix(size);
}

[[noreturn]] void on_error(png_structp png, png_const_charp /*what*/) {
    png_longjmp(png, 1);
}

void on_warning(png_structp /*png*/, png_const_charp /*what*/) {}

class Reader {
public:
    Reader() : png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, on_error, on_warning)) {
        info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
    }
    ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// Fills `shrinker` row by row, or, when the image is interlaced, `whole`, which is then made. False:
    /// broken. longjmp passes over this function: nothing in it has a destructor.
    bool read(Source& source, Size size, Shrinker& shrinker, std::vector<std::uint8_t>& row,
              std::optional<Pixels>& whole) {
        if (info_ == nullptr || setjmp(png_jmpbuf(png_)) != 0) {
            return false;
        }
        png_set_user_limits(png_, side_at_most, side_at_most);
        png_set_chunk_malloc_max(png_, chunk_memory);
        png_set_read_fn(png_, &source, read_bytes);
        png_read_info(png_, info_);
        if (png_get_image_width(png_, info_) != static_cast<png_uint_32>(size.width) ||
            png_get_image_height(png_, info_) != static_cast<png_uint_32>(size.height)) {
            return false;
        }
        png_set_expand(png_);
        png_set_scale_16(png_);
        png_set_gray_to_rgb(png_);
        png_set_add_alpha(png_, 0xFF, PNG_FILLER_AFTER);
        const int passes = png_set_interlace_handling(png_);
        png_read_update_info(png_, info_);
        if (png_get_rowbytes(png_, info_) != row.size()) {
            return false;
        }
        if (passes == 1) {
            for (int y = 0; y < size.height; ++y) {
                png_read_row(png_, row.data(), nullptr);
                shrinker.add(row.data());
            }
        } else {
            whole.emplace(size, 4);
            for (int pass = 0; pass < passes; ++pass) {
                for (int y = 0; y < size.height; ++y) {
                    png_read_row(png_, whole->row(y), nullptr);
                }
            }
        }
        png_read_end(png_, nullptr);
        return true;
    }

private:
    png_structp png_;
    png_infop info_ = nullptr;
};

}  // namespace

Checked<Pixels> shrink_png(std::string_view file, Size from, Size to) {
    Source source{file};
    Shrinker shrinker(from, to);
    std::vector<std::uint8_t> row(static_cast<std::size_t>(from.width) * 4);
    std::optional<Pixels> whole;
    Reader reader;
    if (!reader.read(source, from, shrinker, row, whole)) {
        return Refusal::broken;
    }
    for (int y = 0; whole && y < from.height; ++y) {
        shrinker.add(whole->row(y));
    }
    return shrinker.take();
}

}  // namespace ping::images
