#pragma once

#include "ping/core/error.hpp"

#include <cstdint>
#include <string>

/// What is asked of a draft's file. Blocks.
namespace ping::media {

/// SHA-256 of all of it, 32 bytes. Leaves the file's position alone.
Result<std::string> digest_of(int file);
/// In whole blocks of 4 KiB, as file systems give them out.
Result<std::int64_t> size_on_disk(int file);

}  // namespace ping::media
