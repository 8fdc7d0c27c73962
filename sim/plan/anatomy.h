// Anatomical levels that a hairline is measured from, on the surface of a head. All lengths in mm of the head frame.
#pragma once
#include "sim/head/head.h"

namespace stipple {

/// Levels and planes of one client: from landmarks where they are seen well, else typical men's anatomy (DOMAIN 1.4,
/// 5.1) scaled by the model's semi-axes.
struct Anatomy {
  double brow_y_mm = 0;            // level of the glabella
  double midline_x_mm = 0;         // sagittal plane through the glabella
  double canthus_left_x_mm = 0;    // sagittal planes through the lateral canthi, > midline
  double canthus_right_x_mm = 0;   // < midline
  Vec2 temporal_peak_yz_mm{0, 0};  // foremost point of the temple hair, seen from the side
  Vec2 sideburn_yz_mm{0, 0};       // lower front corner of the sideburn
};

Anatomy anatomy_of(const Head& head);

/// Nearest point of the surface in the direction of `head_mm` from the origin.
Vec3 onto_surface(const HeadModel& model, const Vec3& head_mm);
/// Surface point seen from the subject's side at (y, z), on the side `sign` (+1 left, -1 right); points beyond the
/// outline are pulled back onto it.
Vec3 side_point(const HeadModel& model, const Vec2& yz_mm, double sign);
/// Surface point in the sagittal plane `x_mm` at the depth `z_mm` on the upper half.
Vec3 vault_point(const HeadModel& model, double x_mm, double z_mm);
/// Surface point in the sagittal plane `x_mm` that lies `height_mm` along the skin above the level `brow_y_mm`.
Vec3 point_above_brow(const HeadModel& model, double brow_y_mm, double x_mm, double height_mm);
/// Length of skin from the level `brow_y_mm` at the front up to `head_mm`, in its sagittal plane; negative below.
double height_above_brow_mm(const HeadModel& model, double brow_y_mm, const Vec3& head_mm);
/// Radius of the sphere that has the model's semi-axes on geometric average: turns chords into lengths of skin.
double mean_radius_mm(const HeadModel& model);
/// Length of skin that belongs to a straight distance between two points of the surface (exact on a sphere).
double skin_length_mm(double chord_mm, double radius_mm);

}  // namespace stipple
