/* sheet_in.h -- between sheet.c (rows as they come) and workbook.c (whole grids): how a child reads a file, how its
 * frames are packed, and what its end means. */
#ifndef KHUE_SHEET_IN_H
#define KHUE_SHEET_IN_H
#include "core/sandbox.h"
#include "core/xlsx.h"

extern const struct sandbox_limits sheet_limits;
extern const struct file_fault sheet_too_large;

/* In the child: maps fd and calls read with an arena of its own; a full arena is sheet_too_large. What a sandbox_fn
 * returns and says. */
typedef enum rc sheet_work_fn(void *arg, struct arena *mem, str bytes, struct file_fault *why);
enum rc sheet_child(int fd, sheet_work_fn *work, void *arg, str *say);
void sheet_put_u32(struct sandbox *out, uint32_t v);
void sheet_put_letter(struct sandbox *out, char letter);

/* In the parent: takes from the front of *s. False: there is not as much. */
bool sheet_take(str *s, void *p, ptrdiff_t n);
bool sheet_take_text(str *s, ptrdiff_t max, str *ret);
/* What the end of the sandbox means, in words; never for one that was stopped on purpose. */
enum rc sheet_ended(struct arena *mem, enum sandbox_end end, enum rc rc, str say, struct file_fault *why);
#endif
