// Gaussian along one direction, light reflected at the border; `weight` scales the result.
uniform sampler2D image;
uniform ivec2 direction;
uniform int radius;
uniform float half_precision;
uniform vec3 weight;
out vec3 blurred;

int reflected(int i, int count) {
  while (i < 0 || i >= count) i = i < 0 ? -i - 1 : 2 * count - 1 - i;
  return i;
}

void main() {
  ivec2 at = ivec2(gl_FragCoord.xy), size = textureSize(image, 0);
  vec3 sum = vec3(0.0);
  float total = 0.0;
  for (int i = -radius; i <= radius; ++i) {
    float part = exp(-float(i * i) * half_precision);
    ivec2 from = at + i * direction;
    sum += part * texelFetch(image, ivec2(reflected(from.x, size.x), reflected(from.y, size.y)), 0).rgb;
    total += part;
  }
  blurred = weight * sum / total;
}
