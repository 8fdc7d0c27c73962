// Mean of 1 - transmittance over one cell of the halo's grid, a channel of light each. Cells past the last one mirror
// those before it, so that the grid halves twice without a remainder.
uniform sampler2D absorbance;
uniform vec3 extinction;
uniform int cell_px;
uniform ivec2 cells;  // of the grid before padding
out vec3 absorbed;

void main() {
  ivec2 cell = ivec2(gl_FragCoord.xy);
  cell = max(min(cell, 2 * cells - 1 - cell), ivec2(0));
  ivec2 from = cell * cell_px, to = min(from + cell_px, textureSize(absorbance, 0));
  vec3 sum = vec3(0.0);
  for (int y = from.y; y < to.y; ++y)
    for (int x = from.x; x < to.x; ++x) {
      float a = texelFetch(absorbance, ivec2(x, y), 0).r;
      sum += vec3(1.0) - vec3(transmittance(a, extinction.r), transmittance(a, extinction.g),
                              transmittance(a, extinction.b));
    }
  absorbed = sum / float((to.x - from.x) * (to.y - from.y));
}
