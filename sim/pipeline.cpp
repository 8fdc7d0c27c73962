// The dataflow of the engine, one line per stage. Each stage runs again only when what it reads has changed.
#include "sim/pipeline.h"

#include <cmath>
#include <cstdio>
#include <optional>

#include "sim/core/error.h"
#include "sim/head/anatomy.h"
#include "sim/pigment/shade_checks.h"
#include "sim/pigment/sharpness.h"
#include "sim/shave/stubble.h"

namespace stipple {
namespace {

// Hair that stays and covers this much of the scalp hides the dots of a shaven look.
constexpr double much_hair = 0.65;

// A head that is bald in front is shaved for SMP however long the hair behind is: less hair than this on the front of
// the top, where enough of it is seen to tell.
constexpr double least_front_hair = 0.5, telling_front_mm2 = 1000;

/// Scalp in sight and what hair stands on of it.
struct Haired {
  double scalp_mm2 = 0, haired_mm2 = 0;
  double share() const { return scalp_mm2 > 0 ? haired_mm2 / scalp_mm2 : 0; }
};

/// Of the skin that `counts`: scalp by its place on the head, since a bald forehead may pass for face, and hair that
/// hangs beside the head covers none of it.
template <class Counts>
Haired haired(const Head& head, Counts&& counts) {
  constexpr int stride = 4;
  Haired out;
  for (int y = 0; y < head.classes.rows; y += stride)
    for (int x = 0; x < head.classes.cols; x += stride) {
      const uint8_t c = head.classes(y, x);
      const auto at = c == other ? std::nullopt : head.model.intersect(Vec2(x + 0.5, y + 0.5) * head.work_scale);
      if (!at || !counts(*at)) continue;
      if (!is_scalp(c) && border_place(head.model, *at).above_mm < 0) continue;
      const double area_mm2 = stride * stride * head.work_scale * head.work_scale * head.model.area_mm2_per_px(*at);
      out.scalp_mm2 += area_mm2;
      if (c == hair_on_scalp) out.haired_mm2 += area_mm2;
    }
  return out;
}

bool bald_in_front(const Head& head) {
  const double top_mm = 0.55 * head.model.semi_axes_mm.y();  // above the temples
  const auto front_of_top = [&](const Vec3& mm) { return mm.z() > 0 && mm.y() > top_mm; };
  const Haired front = haired(head, front_of_top);
  return front.scalp_mm2 >= telling_front_mm2 && front.share() < least_front_hair;
}

std::string note_on(Finish chosen, double hair_share) {
  char text[200];
  std::snprintf(text, sizeof text,
                chosen == Finish::density
                    ? "density was chosen as the finish: hair too long for a shaven look covers %.0f %% of the scalp"
                    : "the shaven look was chosen as the finish: hair covers %.0f %% of the scalp and is short, few or "
                      "behind a bald front",
                100 * hair_share);
  return text;
}

}  // namespace

void require_scalp(const Head& head, const Photo& photo) {
  if (head.found) return;
  throw Error(ErrorKind::no_scalp, photo.path.empty() ? "photo" : photo.path,
              head.notes.empty() ? "no scalp found" : head.notes.front(),
              "or state the line (--set line_points=) or the region (--set zone=)");
}

Photo composed(const Result& result, Job& job) {
  Head head = *result.head;
  head.hair_matte = result.shaven->hair_matte;
  return composite(result.shaven->photo, head, *result.deposit, job);
}

std::shared_ptr<const Head> Pipeline::head(const HeadParams& params, Job& job) {
  return head_.get({photo_, params}, [&] { return find_head(*photo_, params, job); });
}

std::shared_ptr<const Shaven> Pipeline::shaven_today(const std::shared_ptr<const Head>& head, const ShaveParams& params,
                                                     Job& job) {
  const ShaveParams today = at_years(params, 0);
  return today_.get({head, today}, [&] { return shave(*photo_, *head, today, job); });
}

Finish Pipeline::finish(const std::shared_ptr<const Head>& head, const Settings& settings, Job& job) {
  if (settings.plan.finish != Finish::automatic) return settings.plan.finish;
  if (!may_keep_hair(head)) return Finish::shaven;
  return hair_stays(*shaven_today(head, settings.shave, job)) ? Finish::density : Finish::shaven;
}

std::shared_ptr<const Shaven> Pipeline::shaven(const std::shared_ptr<const Head>& head, const Settings& settings,
                                               Finish finish, Job& job) {
  ShaveParams params = at_years(settings.shave, settings.pigment.years);
  // Only a shaven look is judged shaven, and before the first session nothing has been done.
  if (finish != Finish::shaven || settings.pigment.sessions == 0) params.strength = 0;
  if (params == at_years(settings.shave, 0)) return shaven_today(head, params, job);
  return shaven_.get({head, params}, [&] { return shave(*photo_, *head, params, job); });
}

Fringe Pipeline::fringe(const Result& result, const Settings& settings, std::optional<HairLook>& hair) {
  const std::shared_ptr<const Head>& head = result.head;
  hair = result.shaven->hair;
  if (!hair) hair = *hair_.get(head, [&] { return look_of_hair(*photo_, *head); });
  return fringe_of(*head, hair, result.finish == Finish::density, settings.shave);
}

void Pipeline::choose_shade(const Settings& settings, PigmentParams& pigment, Result& r) {
  const double density = settings.plan.density_per_cm2;
  std::optional<HairLook> hair;
  std::optional<Fringe> seam;
  if (r.head->found) {
    const Fringe fringe = this->fringe(r, settings, hair);
    r.advice = advise_shade(r.head->skin, fringe, density, pigment);
    if (hair && r.finish != Finish::density) seam = fringe;
  }
  if (pigment.shade_parts_water == 0) {
    pigment.shade_parts_water = r.advice.parts_water;
    if (r.head->found) r.notes.push_back(r.advice.reason);
  }
  r.parts_water = pigment.shade_parts_water;
  r.checks = r.plan->checks;
  const auto more = shade_checks({r.head->skin, pigment, density, r.advice, seam});
  r.checks.insert(r.checks.end(), more.begin(), more.end());
}

std::shared_ptr<const Plan> Pipeline::plan(const std::shared_ptr<const Head>& head, const PlanParams& params,
                                           Job& job) {
  return plan_.get({head, params}, [&] {
    const PlanParams lasting = ground_params(params);
    if (!ground_ || ground_head_ != head || !(ground_params_ == lasting)) {
      ground_ = make_ground(*head, lasting, ground_head_ == head ? ground_.get() : nullptr, job);
      ground_head_ = head, ground_params_ = lasting;
    }
    return make_plan(*head, *ground_, params, job);
  });
}

std::shared_ptr<const Field> Pipeline::field(const std::shared_ptr<const Head>& head,
                                             const std::shared_ptr<const Plan>& plan, const FieldParams& params,
                                             Job& job) {
  const Key<Head, FieldParams> key{head, params};
  const std::shared_ptr<const Field> earlier = last_field_key_ == key ? last_field_ : nullptr;
  last_field_ = field_.get({plan, params}, [&] { return place_dots(*head, *plan, params, job, earlier.get()); });
  last_field_key_ = key;
  return last_field_;
}

std::shared_ptr<const Head> Pipeline::treatable_head(const Settings& settings, Job& job) {
  std::shared_ptr<const Head> found = head(settings.head, job);
  if (settings.plan.line_points.empty() && settings.plan.zone.empty()) require_scalp(*found, *photo_);
  return found;
}

Pipeline::Placed Pipeline::planned(const std::shared_ptr<const Head>& head, const Settings& settings, Finish finish,
                                   Job& job) {
  Placed out{{}, settings.pigment};
  Result& r = out.result;
  r.before = photo_;
  r.head = head;
  PlanParams params = settings.plan;
  r.finish = params.finish = finish;
  if (settings.plan.finish == Finish::automatic && r.head->found)
    r.notes.push_back(note_on(finish, hair_share(r.head)));
  r.plan = plan(r.head, params, job);
  r.field = field(r.head, r.plan, settings.field, job);
  if (finish == Finish::scar && out.pigment.scar_tissue == 0) {
    out.pigment.scar_tissue = 1;
    r.notes.push_back("the zone counts as scar tissue, which takes less and fades faster; scar_tissue says how much");
  }
  return out;
}

Pipeline::Placed Pipeline::placed(const Settings& settings, Job& job) {
  const std::shared_ptr<const Head> head = treatable_head(settings, job);
  Placed out = planned(head, settings, finish(head, settings, job), job);
  Result& r = out.result;
  r.shaven = shaven(head, settings, r.finish, job);
  r.notes.insert(r.notes.end(), r.shaven->notes.begin(), r.shaven->notes.end());
  choose_shade(settings, out.pigment, r);
  return out;
}

double Pipeline::camera_blur_px(const std::shared_ptr<const Head>& head) {
  return *camera_blur_.get(head, [&] { return stipple::camera_blur_px(*photo_, *head); });
}

double Pipeline::hair_share(const std::shared_ptr<const Head>& head) {
  return *hair_share_.get(head, [&] { return haired(*head, [](const Vec3&) { return true; }).share(); });
}

bool Pipeline::may_keep_hair(const std::shared_ptr<const Head>& head) {
  return *may_keep_hair_.get(head,
                             [&] { return head->found && hair_share(head) >= much_hair && !bald_in_front(*head); });
}

Result Pipeline::prepare(const Settings& settings, Job& job) {
  auto [r, pigment] = placed(settings, job);
  r.deposit = deposit_.get({r.field, pigment}, [&, &r = r, &pigment = pigment] {
    return make_deposit(camera_blur_px(r.head), *r.head, *r.field, pigment, job);
  });
  return r;
}

Preview Pipeline::drawn(Placed placed, const Excerpt& excerpt, Job& job) {
  Result& r = placed.result;
  const auto ground = excerpt_ground_.get({{r.head, excerpt}, r.shaven}, [&] {
    return excerpt_ground(*r.shaven, *r.head, camera_blur_px(r.head), excerpt);
  });
  const auto field = excerpt_field_.get({r.field, excerpt}, [&] { return excerpt_field(*r.field, excerpt); });
  const Deposit deposit = make_deposit(ground->camera_blur_px, ground->head, *field, placed.pigment, job);
  auto picture = std::make_shared<const Photo>(composite(ground->photo, ground->head, deposit, job));
  return {std::move(r), excerpt, std::move(picture)};
}

Preview Pipeline::preview(const Settings& settings, const Excerpt& excerpt, Job& job) {
  return drawn(placed(settings, job), excerpt, job);
}

Preview Pipeline::draft(const Settings& settings, const Excerpt& excerpt, Job& job) {
  const std::shared_ptr<const Head> head = treatable_head(settings, job);
  Finish finish = settings.plan.finish;
  if (finish == Finish::automatic) finish = may_keep_hair(head) ? Finish::density : Finish::shaven;
  Placed placed = planned(head, settings, finish, job);
  Result& r = placed.result;
  r.shaven = std::make_shared<const Shaven>(Shaven{*photo_, head->hair_matte, 1, {}, {}});
  if (head->found) {
    r.advice = advise_shade(head->skin, fringe_of(*head, {}, finish == Finish::density, settings.shave),
                            settings.plan.density_per_cm2, placed.pigment);
    if (placed.pigment.shade_parts_water == 0) placed.pigment.shade_parts_water = r.advice.parts_water;
  }
  r.parts_water = placed.pigment.shade_parts_water;
  r.checks = r.plan->checks;
  return drawn(std::move(placed), excerpt, job);
}

Result Pipeline::run(const Settings& settings, Job& job) {
  Result r = prepare(settings, job);
  r.after = after_.get({r.deposit, r.shaven}, [&] { return composed(r, job); });
  return r;
}

}  // namespace stipple
