#include <cstdio>

#include "sim/core/error.h"

int main() {
  std::puts("stipple");
  return 0;
}
