#define _GNU_SOURCE
#include "CEditLine.h"

#include <histedit.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert(sizeof(wchar_t) == sizeof(uint32_t), "wide characters are code points");

struct cel {
  EditLine *el;
  History *history;
  FILE *nothing;
  FILE *sink;
  char *sunk;
  size_t sunk_size;
  cel_callbacks callbacks;
};

static void set_locale(void) {
  // libedit never does this, and without it drops every non-ASCII character.
  setlocale(LC_CTYPE, "");
  if (MB_CUR_MAX == 1) setlocale(LC_CTYPE, "C.UTF-8");
}

void cel_use_utf8(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, set_locale);
}

static cel *self_of(EditLine *el) {
  void *self = NULL;
  el_get(el, EL_CLIENTDATA, &self);
  return self;
}

static char *no_prompt(EditLine *el) {
  (void)el;
  static char empty[] = "";
  return empty;
}

static int next_character(EditLine *el, wchar_t *out) {
  cel *self = self_of(el);
  // What libedit drew meanwhile is for nobody: keep the buffer small.
  rewind(self->sink);
  uint32_t scalar = 0;
  int got = self->callbacks.next(self->callbacks.context, &scalar);
  *out = (wchar_t)scalar;
  return got;
}

static unsigned char act(EditLine *el, int slot) {
  cel *self = self_of(el);
  bool ends = self->callbacks.act(self->callbacks.context, slot);
  // CC_EOF resets the line without looking at it; the text was taken before.
  return ends ? CC_EOF : CC_REFRESH;
}

// libedit's functions get no context of their own, so each slot needs a function.
#define SLOT(n) \
  static unsigned char act_##n(EditLine *el, int key) { (void)key; return act(el, n); }
#define EACH_SLOT(X) \
  X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) \
  X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) \
  X(32) X(33) X(34) X(35) X(36) X(37) X(38) X(39)
EACH_SLOT(SLOT)
#define NAME(n) act_##n,
static unsigned char (*const slots[])(EditLine *, int) = {EACH_SLOT(NAME)};
_Static_assert(sizeof slots / sizeof *slots == CEL_SLOTS, "a function for each slot");

static bool set_up(cel *self, const char *program, int input, int output) {
  self->nothing = fopen("/dev/null", "re");
  self->sink = open_memstream(&self->sunk, &self->sunk_size);
  if (!self->nothing || !self->sink) return false;
  self->el = el_init_fd(
      program, self->nothing, self->sink, self->sink, input, output, output);
  if (!self->el) return false;
  el_set(self->el, EL_CLIENTDATA, self);
  // Debian's default is vi; set first, as it resets the key maps.
  el_set(self->el, EL_EDITOR, "emacs");
  // Its signal handling sends every signal on to the whole process group.
  el_set(self->el, EL_SIGNAL, 0);
  el_set(self->el, EL_PROMPT, no_prompt);
  // Ctrl-C, Ctrl-Z, Ctrl-\, Ctrl-S and Ctrl-Q are keys while a line is edited, and CR and LF stay
  // what they are: else the CR LF of a paste becomes two newlines.
  el_set(self->el, EL_SETTY, "-d", "-isig", "-ixon", "-icrnl", "-inlcr", NULL);
  el_wset(self->el, EL_GETCFN, next_character);

  HistEvent event;
  self->history = history_init();
  if (!self->history) return false;
  history(self->history, &event, H_SETSIZE, 1000);
  history(self->history, &event, H_SETUNIQUE, 1);
  el_set(self->el, EL_HIST, history, self->history);

  int editing = 0;
  el_get(self->el, EL_EDITMODE, &editing);
  return editing != 0;
}

cel *cel_open(const char *program, int input, int output) {
  cel_use_utf8();
  cel *self = calloc(1, sizeof *self);
  if (!self) return NULL;
  if (set_up(self, program, input, output)) return self;
  cel_close(self);
  return NULL;
}

void cel_set_callbacks(cel *self, cel_callbacks callbacks) { self->callbacks = callbacks; }

void cel_source(cel *self) {
  el_source(self->el, NULL);
  // An editrc may say `edit off` or touch the modes; then nothing here would work.
  el_set(self->el, EL_EDITMODE, 1);
  el_set(self->el, EL_SETTY, "-d", "-isig", "-ixon", "-icrnl", "-inlcr", NULL);
  el_set(self->el, EL_SIGNAL, 0);
}

void cel_close(cel *self) {
  if (self->el) {
    // Else el_end flushes what was typed ahead.
    el_set(self->el, EL_EDITMODE, 0);
    el_end(self->el);
  }
  if (self->history) history_end(self->history);
  if (self->nothing) fclose(self->nothing);
  if (self->sink) fclose(self->sink);
  free(self->sunk);
  free(self);
}

void cel_read(cel *self) {
  int count = 0;
  el_wgets(self->el, &count);
}

cel_line cel_get_line(cel *self) {
  const LineInfoW *line = el_wline(self->el);
  return (cel_line){
      .text = (const uint32_t *)line->buffer,
      .length = (size_t)(line->lastchar - line->buffer),
      .cursor = (size_t)(line->cursor - line->buffer),
  };
}

void cel_set_line(cel *self, const uint32_t *text, size_t cursor) {
  cel_line old = cel_get_line(self);
  el_cursor(self->el, (int)(old.length - old.cursor));
  if (old.length) el_deletestr(self->el, (int)old.length);
  el_winsertstr(self->el, (const wchar_t *)text);
  cel_line new = cel_get_line(self);
  if (cursor < new.length) el_cursor(self->el, -(int)(new.length - cursor));
}

void cel_insert(cel *self, const uint32_t *text) {
  el_winsertstr(self->el, (const wchar_t *)text);
}

void cel_delete_before(cel *self, int count) { el_deletestr(self->el, count); }

void cel_move(cel *self, int offset) { el_cursor(self->el, offset); }

void cel_add_action(cel *self, const char *name, int slot) {
  // The narrow call copies the strings; el_wset would keep our pointers.
  el_set(self->el, EL_ADDFN, name, name, slots[slot]);
}

void cel_bind(cel *self, const char *key, const char *name, bool command_map) {
  if (command_map) {
    el_set(self->el, EL_BIND, "-a", key, name, NULL);
  } else {
    el_set(self->el, EL_BIND, key, name, NULL);
  }
}

bool cel_is_bound(cel *self, const char *key) {
  // libedit tells bindings by printing them only; here it prints into memory.
  rewind(self->sink);
  if (el_set(self->el, EL_BIND, key, NULL) != 0) return false;
  fflush(self->sink);
  static const char unbound[] = "Unbound";
  bool bound = self->sunk_size > 0 && strncmp(self->sunk, unbound, sizeof unbound - 1) != 0;
  rewind(self->sink);
  return bound;
}

bool cel_uses_vi_keys(cel *self) {
  const char *name = NULL;
  return el_get(self->el, EL_EDITOR, &name) == 0 && name && strcmp(name, "vi") == 0;
}

void cel_remember(cel *self, const char *entry) {
  HistEvent event;
  history(self->history, &event, H_ENTER, entry);
}

void cel_raw_mode(cel *self) { el_set(self->el, EL_PREP_TERM, 1); }

void cel_cooked_mode(cel *self) { el_set(self->el, EL_PREP_TERM, 0); }
