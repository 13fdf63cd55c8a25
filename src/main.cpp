#include "ping/app/cli.hpp"

int main(int argc, char** argv) { return ping::app::run(argc, argv); }
