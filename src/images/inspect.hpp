#pragma once

#include "ping/images/format.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace ping::images {

/// Why an image is not taken. The words cross the border between the worker and the server.
enum class Refusal {
    unsupported,  ///< none of the four formats
    too_large,    ///< by what its header says
    too_complex,  ///< would cost too much
    broken,
};

template <class T>
using Checked = boost::system::result<T, Refusal>;

/// What an image's own headers say, checked before any decoder sees it (TRUST.md T44).
struct Inspected {
    Format format = Format::jpeg;
    int width = 0;  ///< as stored: before the orientation
    int height = 0;
    int orientation = 1;  ///< EXIF's, 1 to 8 (TIFF 6.0, tag 274)
    /// The image without metadata and without anything before, between or behind what it is made of. Empty
    /// for a JPEG, which is written anew.
    std::string clean;
};

// Bounds (TRUST.md row 44).
inline constexpr int side_at_most = 16384;
inline constexpr long long pixels_at_most = 25'000'000;
inline constexpr int scans_at_most = 100;
inline constexpr int frames_at_most = 200;

/// Walks through the file's blocks, decoding nothing. Safe on any bytes; linear in their number.
Checked<Inspected> inspect(std::string_view bytes);

// One per format; the signature has been seen.
Checked<Inspected> inspect_jpeg(std::string_view bytes);
Checked<Inspected> inspect_png(std::string_view bytes);
Checked<Inspected> inspect_gif(std::string_view bytes);
Checked<Inspected> inspect_webp(std::string_view bytes);

/// The orientation in a block of EXIF data (behind `Exif\0\0`): 1 when there is none.
int exif_orientation(std::string_view tiff);

}  // namespace ping::images
