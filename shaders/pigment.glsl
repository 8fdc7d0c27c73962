// The optics of pigment in skin: the one definition, read by the GPU as it stands and by C++ through
// sim/pigment/optics.h. Scalar arithmetic only, linear light, one colour channel per call.
// Based on: DESIGN 4; Yule & Nielsen (1951), light entering and leaving paper at different places; d'Eon & Luebke, GPU
// Gems 3 ch. 14, the diffusion profile of skin as a sum of Gaussians; Shafer (1985), the dichromatic reflection model.
#ifndef PIGMENT_FUNCTION
#define PIGMENT_FUNCTION
#endif

// Diffusion profile p of skin: variance of each Gaussian and its weight per channel (0 red, 1 green, 2 blue). The first
// is no wider than the blur of the skin above the pigment, which footprints carry already, so it needs no convolution
// of its own. The widest of the paper (7.41 mm2) is counted with its neighbour: apart they differ by less than a code.
const int profile_terms = 5;
PIGMENT_FUNCTION float profile_variance_mm2(int term) {
  return term == 0 ? 0.0064f : term == 1 ? 0.0484f : term == 2 ? 0.187f : term == 3 ? 0.567f : 1.99f;
}
PIGMENT_FUNCTION float profile_weight(int term, int channel) {
  if (term == 0) return channel == 0 ? 0.233f : channel == 1 ? 0.455f : 0.649f;
  if (term == 1) return channel == 0 ? 0.100f : channel == 1 ? 0.336f : 0.344f;
  if (term == 2) return channel == 0 ? 0.118f : channel == 1 ? 0.198f : 0.007f;
  if (term == 3) return channel == 0 ? 0.113f : channel == 1 ? 0.007f : 0.0f;
  return channel == 0 ? 0.436f : channel == 1 ? 0.004f : 0.0f;
}

// Share of light that passes pigment of this absorbance once.
PIGMENT_FUNCTION float transmittance(float absorbance, float extinction) { return exp(-extinction * absorbance); }

// Share of light that comes through p: the narrow term sees the pigment right here, the wide ones what `halo` says:
// the sum over the wide terms of weight times blurred (1 - transmittance).
PIGMENT_FUNCTION float scattered_transmittance(float passed_here, float narrow_weight, float halo) {
  return 1.0f - narrow_weight * (1.0f - passed_here) - halo;
}

// Remission of pigmented skin against bare skin: light that has been below the pigment crosses it twice, once where it
// is seen (passed_here) and once anywhere around (passed_around).
PIGMENT_FUNCTION float remission(float passed_here, float passed_around, float below_share) {
  return 1.0f - below_share + below_share * passed_here * passed_around;
}

// Pigment dust and fresh blood between dots: `wash` is their absorbance per unit of local cover.
PIGMENT_FUNCTION float wash_remission(float wash, float cover) { return exp(-wash * cover); }

// Cameras bend highlights: above a knee ever more light makes ever less of a code, and what reached white was brighter
// than its code says. Undone before pigment takes its share and done again after, so that dots on overexposed skin are
// as faint as they are in photos of overexposed stubble.
const float highlight_knee = 0.6f;
const float brightest_known = 0.9f;  // codes above say only that there was more light
PIGMENT_FUNCTION float scene_light(float seen) {
  float over = max(seen - highlight_knee, 0.0f);
  return min(seen, highlight_knee) + over / (1.0f - over / (1.0f - highlight_knee));
}
PIGMENT_FUNCTION float seen_light(float scene) {
  float over = max(scene - highlight_knee, 0.0f);
  return min(scene, highlight_knee) + over / (1.0f + over / (1.0f - highlight_knee));
}

// Share of a pixel's light that stays in one channel: of the light from a pixel the share `shine` never entered the skin
// and stays (but for what a matt lotion takes); strands of hair stay on top of pigment.
PIGMENT_FUNCTION float kept_share(float shine, float hair, float remitted, float shine_kept) {
  return shine * shine_kept + (1.0f - shine) * (hair + (1.0f - hair) * remitted);
}

PIGMENT_FUNCTION float luminance(float red, float green, float blue) {
  return 0.2126f * red + 0.7152f * green + 0.0722f * blue;
}

// How much more of it the camera's bend lets stay, where `light` is a pixel's luminance and `kept` what is left of it.
// One factor for all channels: bent one by one, dots on overexposed red skin would be red.
PIGMENT_FUNCTION float highlight_gain(float light, float kept) {
  float known = min(light, brightest_known);
  float share = kept / max(light, 1.0e-6f);
  return seen_light(scene_light(known) * share) / max(known * share, 1.0e-6f);
}

// What the camera sees of `light` in one channel.
PIGMENT_FUNCTION float composite_light(float light, float share, float gain) { return light * min(share * gain, 1.0f); }

// Share of a pixel's light that is shine: light = diffuse * skin + specular * white, in least squares. What lies within
// the natural variation of skin colour, or is not brighter than skin, is no shine: pale skin keeps its pigment. The
// share is one for all channels, so that under lamps of any colour no dot in a highlight takes on a tint.
PIGMENT_FUNCTION float shine_share(float red, float green, float blue, float skin_red, float skin_green,
                                   float skin_blue) {
  float skin_sum = skin_red + skin_green + skin_blue;
  float skin_square = skin_red * skin_red + skin_green * skin_green + skin_blue * skin_blue;
  float sum = red + green + blue;
  float product = red * skin_red + green * skin_green + blue * skin_blue;
  float determinant = 3.0f * skin_square - skin_sum * skin_sum;
  float white = (skin_square * sum - skin_sum * product) / max(determinant, 0.02f * skin_square);
  float share = 3.0f * white / max(sum, 1.0e-6f);
  float brighter = clamp((sum / max(skin_sum, 1.0e-4f) - 1.1f) * 2.5f, 0.0f, 1.0f);
  float whiter = clamp((share - 0.15f) * 5.0f, 0.0f, 1.0f);
  return clamp(brighter * whiter * share, 0.0f, 0.9f);
}

// sRGB transfer functions (IEC 61966-2-1).
PIGMENT_FUNCTION float srgb_to_linear(float code) {
  return code <= 0.04045f ? code / 12.92f : pow((code + 0.055f) / 1.055f, 2.4f);
}
PIGMENT_FUNCTION float linear_to_srgb(float light) {
  return light <= 0.0031308f ? 12.92f * light : 1.055f * pow(light, 1.0f / 2.4f) - 0.055f;
}
