#pragma once

#include "ping/core/error.hpp"
#include "ping/core/id.hpp"
#include "ping/runtime/task.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ping::storage {

/// What is known of the images of messages. ChatStore::append stores them, with their message. Thread and
/// common errors as in UserStore.
class ImageStore {
public:
    virtual ~ImageStore() = default;

    /// The bytes of all images that a person has sent.
    virtual Task<Result<std::int64_t>> bytes_of(UserId owner) = 0;
    /// Those of `public_ids` that no message has, in the same order.
    virtual Task<Result<std::vector<std::string>>> without_message(std::vector<std::string> public_ids) = 0;
};

}  // namespace ping::storage
