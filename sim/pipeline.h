// Strings the stages together. An edit recomputes its stage and what follows; the result equals a cold run bit for bit.
#pragma once
#include <memory>

#include "sim/core/memo.h"
#include "sim/excerpt.h"
#include "sim/pigment/advice.h"
#include "sim/settings.h"

namespace stipple {

struct Result {
  std::shared_ptr<const Photo> before;
  std::shared_ptr<const Head> head;
  std::shared_ptr<const Shaven> shaven;  // what the pigment is drawn on; the photo itself when nothing is shaved
  std::shared_ptr<const Plan> plan;
  std::shared_ptr<const Field> field;
  std::shared_ptr<const Deposit> deposit;
  std::shared_ptr<const Photo> after;
  Finish finish = Finish::shaven;  // the one that was drawn
  ShadeAdvice advice;              // where a head was found
  std::vector<RuleCheck> checks;   // of the plan, then of the shade
  double parts_water = 0;          // the shade that was drawn
  std::vector<std::string> notes;  // what was done to the photo beside the treatment, in plain words
};

/// A part of the picture at the resolution of a screen, with all of the result that it was made from; the result's
/// deposit and `after` are empty.
struct Preview {
  Result result;
  Excerpt excerpt;
  std::shared_ptr<const Photo> picture;
};

/// Throws Error{no_scalp} with the photo's name, the head's first note and the manual way unless a head was found.
void require_scalp(const Head& head, const Photo& photo);
/// The picture of a result whose `after` is empty.
Photo composed(const Result& result, Job& job);

/// Keeps the last result of every stage. Not thread-safe: one worker owns it.
class Pipeline {
 public:
  explicit Pipeline(std::shared_ptr<const Photo> photo) : photo_(std::move(photo)) {}
  /// Throws as the stages do; Error{no_scalp} when nothing was found and nothing was drawn by hand.
  Result run(const Settings& settings, Job& job);
  /// Everything that the picture is drawn from; `after` stays empty, for callers that draw it on a GPU.
  Result prepare(const Settings& settings, Job& job);
  /// What is worth waiting for while something is dragged.
  Preview preview(const Settings& settings, const Excerpt& excerpt, Job& job);
  /// The first thing to show of a photo: a preview on which no hair is cut yet, so that shade and finish may still
  /// change.
  Preview draft(const Settings& settings, const Excerpt& excerpt, Job& job);
  std::shared_ptr<const Head> head(const HeadParams& params, Job& job);

 private:
  Finish finish(const std::shared_ptr<const Head>& head, const Settings& settings, Job& job);
  std::shared_ptr<const Shaven> shaven_today(const std::shared_ptr<const Head>& head, const ShaveParams& params,
                                             Job& job);
  std::shared_ptr<const Shaven> shaven(const std::shared_ptr<const Head>& head, const Settings& settings, Finish finish,
                                       Job& job);
  Fringe fringe(const Result& result, const Settings& settings, std::optional<HairLook>& hair);
  std::shared_ptr<const Field> field(const std::shared_ptr<const Head>& head, const std::shared_ptr<const Plan>& plan,
                                     const FieldParams& params, Job& job);
  void choose_shade(const Settings& settings, PigmentParams& pigment, Result& result);
  /// All but the pigment, with how that is to be.
  struct Placed {
    Result result;
    PigmentParams pigment;
  };
  Placed placed(const Settings& settings, Job& job);
  /// Without the shade.
  Placed planned(const std::shared_ptr<const Head>& head, const Settings& settings, Finish finish, Job& job);
  /// Throws where nothing can be planned: no scalp was found, and neither line nor zone is stated.
  std::shared_ptr<const Head> treatable_head(const Settings& settings, Job& job);
  Preview drawn(Placed placed, const Excerpt& excerpt, Job& job);
  double camera_blur_px(const std::shared_ptr<const Head>& head);
  double hair_share(const std::shared_ptr<const Head>& head);
  /// Whether there is so much hair that it need not be shaved; only its length tells then.
  bool may_keep_hair(const std::shared_ptr<const Head>& head);
  std::shared_ptr<const Plan> plan(const std::shared_ptr<const Head>& head, const PlanParams& params, Job& job);
  template <class Upstream, class Params>
  struct Key {
    std::shared_ptr<const Upstream> upstream;
    Params params;
    bool operator==(const Key&) const = default;
  };
  std::shared_ptr<const Photo> photo_;
  Memo<Key<Photo, HeadParams>, Head> head_;
  Memo<Key<Head, ShaveParams>, Shaven> today_, shaven_;  // as the client's hair is today, and as it is drawn
  std::shared_ptr<const Ground> ground_;                 // of the last head and parameters
  std::shared_ptr<const Head> ground_head_;
  PlanParams ground_params_;
  Memo<Key<Head, PlanParams>, Plan> plan_;
  Memo<Key<Plan, FieldParams>, Field> field_;
  std::shared_ptr<const Field> last_field_;  // with what it was placed on and by
  Key<Head, FieldParams> last_field_key_;
  Memo<std::shared_ptr<const Head>, double> camera_blur_, hair_share_;
  Memo<std::shared_ptr<const Head>, bool> may_keep_hair_;
  Memo<Key<Field, PigmentParams>, Deposit> deposit_;
  Memo<std::shared_ptr<const Head>, std::optional<HairLook>> hair_;
  Memo<Key<Deposit, std::shared_ptr<const Shaven>>, Photo> after_;
  Memo<std::pair<Key<Head, Excerpt>, std::shared_ptr<const Shaven>>, ExcerptGround> excerpt_ground_;
  Memo<Key<Field, Excerpt>, Field> excerpt_field_;
};

}  // namespace stipple
