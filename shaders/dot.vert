// One footprint of pigment as a quad over the pixels it covers. The footprint is a sheared Gaussian: rows of one width
// whose centres move along a line, so that rows and columns can be normalised by plain sums (sim/pigment/stamping.cpp).
layout(location = 0) in vec4 centre_mass_cov;  // x_px, y_px, mass_px2, covariance xx
layout(location = 1) in vec2 cov;              // covariance xy, yy
layout(location = 2) in ivec4 window_px;       // corner and size on the photo
uniform ivec4 area_px;                         // corner and size of what is drawn
flat out ivec2 corner_px;
flat out int width;
flat out vec2 first;           // from the footprint's centre to the centre of its window's first pixel
flat out vec2 half_precision;  // of rows, of the column
flat out float shear, mass, upright_sum;

const float pixel_variance_px2 = 1.0 / 12.0;

float sum_of_row(float offset, float half_precision_of, int count) {
  float sum = 0.0;
  for (int i = 0; i < count; ++i) {
    float d = offset + float(i);
    sum += exp(-(d * d) * half_precision_of);
  }
  return sum;
}

void main() {
  corner_px = window_px.xy;
  width = window_px.z;
  float variance_y = cov.y + pixel_variance_px2;
  shear = cov.x / variance_y;
  half_precision = vec2(0.5 / (centre_mass_cov.w + pixel_variance_px2 - cov.x * shear), 0.5 / variance_y);
  first = vec2(window_px.xy) + 0.5 - centre_mass_cov.xy;
  mass = centre_mass_cov.z / sum_of_row(first.y, half_precision.y, window_px.w);
  // An upright footprint has the same row everywhere.
  bool sheared = abs(shear) * float(window_px.w) > 0.02;
  upright_sum = sheared ? 0.0 : sum_of_row(first.x, half_precision.x, width);
  vec2 at = vec2(window_px.xy - area_px.xy) + vec2(gl_VertexID & 1, gl_VertexID >> 1) * vec2(window_px.zw);
  gl_Position = vec4(at / vec2(area_px.zw) * 2.0 - 1.0, 0.0, 1.0);
}
