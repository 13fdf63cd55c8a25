#pragma once

namespace ping::app {

/// The whole program: reads the command line and the settings, carries out the command, returns the exit
/// code.
int run(int argc, const char* const* argv);

}  // namespace ping::app
