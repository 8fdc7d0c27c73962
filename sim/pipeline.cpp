// The dataflow of the engine, one line per stage. Each stage runs again only when what it reads has changed.
#include "sim/pipeline.h"

#include "sim/core/error.h"
#include "sim/shave/stubble.h"

namespace stipple {

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

std::shared_ptr<const Shaven> Pipeline::shaven(const std::shared_ptr<const Head>& head, const Settings& settings,
                                               Job& job) {
  // Only a shaven look is judged shaven, and before the first session nothing has been done.
  ShaveParams params = settings.shave;
  if (settings.plan.finish != Finish::shaven || settings.pigment.sessions == 0) params.strength = 0;
  return shaven_.get({head, params}, [&] { return shave(*photo_, *head, params, job); });
}

ShadeAdvice Pipeline::advice(const Result& result, const Settings& settings) {
  const std::shared_ptr<const Head>& head = result.head;
  std::optional<HairLook> hair = result.shaven->hair;
  if (!hair) hair = *hair_.get(head, [&] { return look_of_hair(*photo_, *head); });
  const Fringe fringe = fringe_of(*head, hair, settings.plan.finish == Finish::density, settings.shave);
  return advise_shade(head->skin, fringe, settings.plan.density_per_cm2, settings.pigment);
}

Result Pipeline::prepare(const Settings& settings, Job& job) {
  Result r;
  r.before = photo_;
  r.head = head(settings.head, job);
  if (settings.plan.line_points.empty() && settings.plan.zone.empty()) require_scalp(*r.head, *photo_);
  r.plan = plan_.get({r.head, settings.plan}, [&] { return make_plan(*r.head, settings.plan, job); });
  r.field = field_.get({r.plan, settings.field}, [&] { return place_dots(*r.head, *r.plan, settings.field, job); });
  r.shaven = shaven(r.head, settings, job);
  r.notes = r.shaven->notes;
  if (r.head->found) r.advice = advice(r, settings);
  PigmentParams pigment = settings.pigment;
  if (pigment.shade_parts_water == 0) {
    pigment.shade_parts_water = r.advice.parts_water;
    if (r.head->found) r.notes.push_back(r.advice.reason);
  }
  r.parts_water = pigment.shade_parts_water;
  r.deposit = deposit_.get({r.field, pigment}, [&] { return make_deposit(*photo_, *r.head, *r.field, pigment, job); });
  return r;
}

Result Pipeline::run(const Settings& settings, Job& job) {
  Result r = prepare(settings, job);
  r.after = after_.get({r.deposit, r.shaven}, [&] { return composed(r, job); });
  return r;
}

}  // namespace stipple
