// Bilinear from a grid of half the size.
uniform sampler2D coarser;
out vec3 value;

void main() {
  ivec2 at = ivec2(gl_FragCoord.xy), last = textureSize(coarser, 0) - 1;
  // A fine cell lies a quarter of a coarse cell off the centre of its own.
  ivec2 own = at / 2, beside = clamp(own + 2 * (at & 1) - 1, ivec2(0), last);
  vec3 near_row = mix(texelFetch(coarser, own, 0).rgb, texelFetch(coarser, ivec2(beside.x, own.y), 0).rgb, 0.25);
  vec3 far_row = mix(texelFetch(coarser, ivec2(own.x, beside.y), 0).rgb, texelFetch(coarser, beside, 0).rgb, 0.25);
  value = mix(near_row, far_row, 0.25);
}
