// Widgets that know the parameter declarations: label, unit, range and tooltip come from there.
#pragma once
#include "app/viewer/ui/app.h"
#include "app/viewer/ui/strings.h"

namespace stipple {

/// A slider for the numeric field `key`; one undo step per drag. `format` as in printf, "" for the unit's own.
void field_slider(App& app, std::string_view key, const char* label = nullptr, bool logarithmic = false);
/// Buttons for the choices of an enum field, `columns` in a row.
void field_choices(App& app, std::string_view key, int columns);
/// Every numeric field of a group as sliders, in a collapsed section.
void more_settings(App& app, const char* group);
/// What the declaration says of the field `key`, while the last item is under the mouse.
void field_help(const App& app, std::string_view key);
/// A slider of the panel's width without words of its own.
bool slim_slider(const App& app, const char* id, float& value, float min, float max, bool logarithmic);
/// A button that shows whether it is chosen.
bool choice_button(const App& app, const char* label, bool chosen, ImVec2 size = {0, 0});
/// The button that most people want.
bool primary_button(const App& app, const char* label);
/// A label in soft colour with its value beside it.
void fact(const App& app, const char* label, const std::string& value);
void hint(const App& app, const char* words);
/// What the engine says, with a capital at its start.
std::string sentence(std::string words);
void heading(const App& app, const char* words);
std::string format(const char* pattern, ...) __attribute__((format(printf, 1, 2)));

}  // namespace stipple
