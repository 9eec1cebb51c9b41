/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* readline.h names FILE without including it, so this order matters. */
#include <stdio.h>
#include <stdlib.h>
#include <readline/readline.h>
#include <readline/history.h>

/* Readline's variables are set through functions: Swift refuses mutable C globals. */

/* Everything that is set once, before the first line is read. */
static inline void rewind_readline_begin(rl_completion_func_t *complete,
                                         rl_compdisp_func_t *display) {
  rl_readline_name = "rewind";
  rl_instream = stdin;
  rl_outstream = stdout;
  rl_catch_signals = 0;
  rl_catch_sigwinch = 1;
  rl_attempted_completion_function = complete;
  rl_completion_display_matches_hook = display;
  rl_completer_word_break_characters = " \t\n";
  rl_completer_quote_characters = NULL;
  rl_sort_completion_matches = 0;
  rl_completion_query_items = 0;
  /* With times in it the file can hold entries of several lines. */
  history_write_timestamps = 1;
  history_comment_char = '#';
  rl_variable_bind("enable-bracketed-paste", "on");
  rl_variable_bind("show-all-if-ambiguous", "on");
  rl_variable_bind("bell-style", "none");
  rl_bind_keyseq("\\e[A", rl_history_search_backward);
  rl_bind_keyseq("\\eOA", rl_history_search_backward);
  rl_bind_keyseq("\\e[B", rl_history_search_forward);
  rl_bind_keyseq("\\eOB", rl_history_search_forward);
}

/* Says that our matches are all there are; otherwise readline offers file names. */
static inline void rewind_completion_is_over(int appended) {
  rl_attempted_completion_over = 1;
  rl_completion_append_character = appended;
}

/* Puts the cursor behind the line, so that what is echoed next does not overwrite it. */
static inline void rewind_go_to_end(void) {
  rl_point = rl_end;
  rl_redisplay();
}

static inline const char *rewind_line(void) { return rl_line_buffer; }
static inline int rewind_point(void) { return rl_point; }
static inline void rewind_print(const char *text) { fputs(text, rl_outstream); }
static inline void rewind_flush(void) { fflush(rl_outstream); }
