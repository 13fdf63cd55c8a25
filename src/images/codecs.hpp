#pragma once

#include "images/inspect.hpp"
#include "images/pixels.hpp"

#include <string>
#include <string_view>

/// The decoders and encoders, each the only file that sees its library. They trust nothing but the size that
/// `inspect` has found. For the worker's process: they take memory as they need it, and throw std::bad_alloc.
namespace ping::images {

/// Makes the first picture of it smaller: RGBA of the size `to`, as stored (before the orientation).
Checked<Pixels> shrink_jpeg(std::string_view file, Size from, Size to);
/// `file` is what `inspect` has left of it; likewise below.
Checked<Pixels> shrink_png(std::string_view file, Size from, Size to);
Checked<Pixels> shrink_gif(std::string_view file, Size from, Size to);
Checked<Pixels> shrink_webp(std::string_view file, Size from, Size to);

/// The JPEG without metadata but a short colour profile, upright. An upright one keeps its coefficients, so
/// that nothing is lost.
Checked<std::string> clean_jpeg(std::string_view file, const Inspected& inspected);

/// `quality` from 0 to 100.
Checked<std::string> encode_webp(const Pixels& pixels, float quality);
/// A whole WebP, RGBA.
Checked<Pixels> decode_webp(std::string_view file, Size size);

}  // namespace ping::images
