/* resume.h -- files that come in pieces over a line that breaks, after the manner of tus (tus.io): POST says name and
 * size, HEAD or GET tells how much there is, PATCH with Upload-Offset adds what follows. Any node takes any piece; a
 * piece that was acknowledged is on the disk. A form then names the upload instead of sending the file: the value of
 * "file.sent" is its number, where the input's name is "file".
 *
 * A piece is at most 1 MiB, a file FILE_MAX, OPEN_MOST begun ones a person; a day later what was not used is gone. */
#ifndef KHUE_RESUME_H
#define KHUE_RESUME_H
#include "core/page.h"

#define UPLOADS "/tai-len"
enum rc upload_begin_page(struct exchange *x);
enum rc upload_state_page(struct exchange *x);
enum rc upload_append_page(struct exchange *x);
/* Makes parts of the request out of the uploads its form names, as if they had been sent with it; within the
 * transaction of the write, which uses them up. E_INVALID: not there, somebody else's, not whole. */
enum rc uploads_attach(struct exchange *x);
/* The bytes of fd have become a file of their own, which counts as one; of what else was used the sender's measure
 * counts the bytes until they are swept. */
enum rc uploads_kept(struct ctx *c, int fd);
/* Forgets what is over: rows and bytes. */
enum rc uploads_sweep(struct ctx *c);
#endif
