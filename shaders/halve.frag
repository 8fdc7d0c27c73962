// Mean of two by two.
uniform sampler2D finer;
out vec3 mean;

void main() {
  ivec2 at = 2 * ivec2(gl_FragCoord.xy);
  mean = 0.25 * ((texelFetch(finer, at, 0).rgb + texelFetch(finer, at + ivec2(1, 0), 0).rgb) +
                 (texelFetch(finer, at + ivec2(0, 1), 0).rgb + texelFetch(finer, at + ivec2(1, 1), 0).rgb));
}
