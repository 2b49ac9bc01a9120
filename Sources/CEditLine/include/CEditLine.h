#ifndef CEDITLINE_H
#define CEDITLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/// One libedit editor.
///
/// libedit keeps the line and the key maps here; it draws nothing. Its output goes into a
/// buffer in memory, and whoever answers `next` draws the line instead: libedit's own drawing
/// loses lines taller than the screen, leaves debris after a resize and miscounts clusters.
typedef struct cel cel;

/// The line being edited, as code points. Valid until the next call.
typedef struct {
  const uint32_t *text;
  size_t length;
  size_t cursor;
} cel_line;

typedef struct {
  void *_Nullable context;
  /// Waits for the next code point: 1 when there is one, 0 at the end of input.
  int (*next)(void *_Nullable context, uint32_t *out);
  /// A key that was bound to action `slot` was pressed. True ends `cel_read`.
  bool (*act)(void *_Nullable context, int slot);
} cel_callbacks;

enum { CEL_SLOTS = 40 };

/// Sets the process's character type for wide characters: the environment's, else C.UTF-8.
void cel_use_utf8(void);

/// NULL when libedit does not accept the descriptors as a terminal.
cel *_Nullable cel_open(const char *program, int input, int output);
void cel_set_callbacks(cel *editor, cel_callbacks callbacks);
/// Reads the person's `$EDITRC` or `~/.editrc`.
void cel_source(cel *editor);
void cel_close(cel *editor);

/// Edits one line on a raw terminal until an action ends it or the input does.
void cel_read(cel *editor);

cel_line cel_get_line(cel *editor);
/// Replaces the whole line. `text` holds no NUL and ends with one.
void cel_set_line(cel *editor, const uint32_t *text, size_t cursor);
void cel_insert(cel *editor, const uint32_t *text);
void cel_delete_before(cel *editor, int count);
void cel_move(cel *editor, int offset);

/// Makes `act(slot)` a function that keys can be bound to under `name`.
void cel_add_action(cel *editor, const char *name, int slot);
/// Binds in the main key map, or in vi's command map. Keys in libedit's notation.
void cel_bind(cel *editor, const char *key, const char *name, bool command_map);
bool cel_is_bound(cel *editor, const char *key);
bool cel_uses_vi_keys(cel *editor);
/// Keeps an entry for libedit's own history functions, which an editrc may bind.
void cel_remember(cel *editor, const char *entry);

void cel_raw_mode(cel *editor);
void cel_cooked_mode(cel *editor);

// The terminal and signals: TerminalGuard.c.

/// What happened since the last question.
enum { CEL_RESIZED = 1, CEL_CONTINUED = 2 };

/// Remembers the terminal's modes and has them restored when a signal ends the process.
void cel_guard(int terminal);
/// Remembers the modes anew, as a person may have changed them.
void cel_guard_refresh(void);
/// Whether a line is being edited, so that the modes are not the person's, and whether bracketed
/// paste is on.
void cel_guard_editing(bool editing, bool paste_mode);
void cel_unguard(void);
bool cel_guards(void);
bool cel_hides_typing(void);
/// Takes the echo off, and has it taken off again after a stop; false when it cannot be. What is
/// typed is kept for whoever reads next. The modes before are those to come back.
bool cel_hide_typing(int terminal);
/// Puts back the modes from before `cel_hide_typing`.
void cel_show_typing(void);
/// Shows the terminal's other screen without a cursor and gives keys one by one, while typing is hidden;
/// the handlers leave that screen too, and show it again after a stop.
bool cel_take_screen(void);
/// Back to the screen from before, with what stood there.
void cel_leave_screen(void);
/// Puts the modes back as the handlers do, for an end without a signal.
void cel_restore_terminal(void);
/// The descriptor that gets a byte when SIGWINCH or SIGCONT arrives; -1 for none.
void cel_watch(int descriptor);
int cel_take_signals(void);
/// Stops this process group as Ctrl-Z does; returns when it goes on.
void cel_suspend(void);

#pragma clang assume_nonnull end

#endif
