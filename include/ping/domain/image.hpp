#pragma once

#include <string>

namespace ping {

/// A message's image. The bytes are two blobs: `<public_id>` and, smaller, `<public_id>.thumb`.
struct Image {
    std::string public_id;  ///< 32 hex digits that nobody can guess
    int width = 0;          ///< pixels, as it is shown
    int height = 0;

    // Signed when the message leaves the service (media/service.hpp); no store has them.
    std::string url{};
    std::string thumb_url{};
};

}  // namespace ping
