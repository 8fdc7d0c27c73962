// Absorbance that one footprint adds to one pixel; blending sums them.
flat in ivec2 corner_px;
flat in int width;
flat in vec2 first;
flat in vec2 half_precision;
flat in float shear, mass, upright_sum;
uniform ivec4 area_px;
out float absorbance;

void main() {
  vec2 in_window = vec2(ivec2(gl_FragCoord.xy) + area_px.xy - corner_px);
  float y = first.y + in_window.y, start = first.x, row_sum = upright_sum;
  if (row_sum <= 0.0) {
    start -= shear * y;
    for (int i = 0; i < width; ++i) {
      float d = start + float(i);
      row_sum += exp(-(d * d) * half_precision.x);
    }
    if (row_sum <= 0.0) discard;
  }
  float x = start + in_window.x;
  absorbance = mass * exp(-(y * y) * half_precision.y) / row_sum * exp(-(x * x) * half_precision.x);
}
