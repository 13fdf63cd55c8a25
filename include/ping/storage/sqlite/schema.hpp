#pragma once

#include "ping/sqlite/database.hpp"

#include <span>

namespace ping::storage {

/// Every step of the one file's schema: the stores', the one-time codes' and the job queues' tables.
std::span<const sqlite::Migration> schema();

}  // namespace ping::storage
