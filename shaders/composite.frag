// The photo with its pigment, pixel by pixel as sim/pigment/composite.cpp draws it.
uniform usampler2D photo;       // sRGB codes
uniform int code_step;          // 257 for 8-bit codes, 1 for 16-bit codes
uniform sampler2D linear_of;    // linear light of 16-bit codes, 256 to a row
uniform usampler2D hair_matte;  // 0..255
uniform sampler2D absorbance;   // of area_px
uniform sampler2D halo;         // in cells of cell_px from area_px's corner
uniform ivec4 area_px;          // corner and size; nothing is drawn when empty
uniform int cell_px;
uniform vec3 extinction, below_share, wash, skin;
uniform float matt;
uniform bool encoded;  // sRGB for a screen, or linear light
out vec4 colour;

const float least_taken = 1.0 / 2048.0;  // an eighth of an 8-bit code in the brightest light

vec3 halo_at(ivec2 pixel) {
  vec2 at = (vec2(pixel % cell_px) + 0.5) / float(cell_px) - 0.5;
  ivec2 before = ivec2(at.x < 0.0 ? -1 : 0, at.y < 0.0 ? -1 : 0);
  vec2 share = at - vec2(before);
  ivec2 last = textureSize(halo, 0) - 1, a = pixel / cell_px + before;
  ivec2 b = min(a + 1, last);
  a = max(a, ivec2(0));
  vec3 left = mix(texelFetch(halo, a, 0).rgb, texelFetch(halo, ivec2(a.x, b.y), 0).rgb, share.y);
  vec3 right = mix(texelFetch(halo, ivec2(b.x, a.y), 0).rgb, texelFetch(halo, b, 0).rgb, share.y);
  return mix(left, right, share.x);
}

float remitted(int channel, float a, vec3 around_all, float cover) {
  float here = transmittance(a, extinction[channel]);
  float around = scattered_transmittance(here, profile_weight(0, channel), around_all[channel]);
  return remission(here, around, below_share[channel]) * wash_remission(wash[channel], cover);
}

float light_of(uint code) {
  int wide = int(code) * code_step;
  return texelFetch(linear_of, ivec2(wide & 255, wide >> 8), 0).r;
}

float code_of(float light) { return floor(linear_to_srgb(clamp(light, 0.0, 1.0)) * 255.0 + 0.5) / 255.0; }

void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy), in_area = pixel - area_px.xy;
  uvec3 codes = texelFetch(photo, pixel, 0).rgb;
  vec3 light = vec3(light_of(codes.r), light_of(codes.g), light_of(codes.b));
  colour = vec4(encoded ? vec3(codes) * float(code_step) / 65535.0 : light, 1.0);
  if (any(lessThan(in_area, ivec2(0))) || any(greaterThanEqual(in_area, area_px.zw))) return;

  float a = texelFetch(absorbance, in_area, 0).r;
  vec3 around = halo_at(in_area);
  // Local cover is what the wide terms of red say. A matt lotion is put on where pigment is, fading out with it.
  float cover = around.r / (1.0 - profile_weight(0, 0));
  vec3 kept = vec3(remitted(0, a, around, cover), remitted(1, a, around, cover), remitted(2, a, around, cover));
  float hair = float(texelFetch(hair_matte, pixel, 0).r) / 255.0;
  // Where next to nothing changes the photo keeps its own codes.
  if (encoded && (min(1.0, min(kept.r, min(kept.g, kept.b))) >= 1.0 - least_taken || hair >= 1.0)) return;

  float treated = min(cover * 20.0, 1.0);
  float shine = shine_share(light.r, light.g, light.b, skin.r, skin.g, skin.b);
  float shine_kept = 1.0 - matt * treated * treated;
  vec3 share = vec3(kept_share(shine, hair, kept.r, shine_kept), kept_share(shine, hair, kept.g, shine_kept),
                    kept_share(shine, hair, kept.b, shine_kept));
  float gain = highlight_gain(luminance(light.r, light.g, light.b),
                              luminance(light.r * share.r, light.g * share.g, light.b * share.b));
  vec3 seen = vec3(composite_light(light.r, share.r, gain), composite_light(light.g, share.g, gain),
                   composite_light(light.b, share.b, gain));
  colour.rgb = encoded ? vec3(code_of(seen.r), code_of(seen.g), code_of(seen.b)) : seen;
}
