/* sandbox.h -- runs a parser of untrusted data in a process that can do nothing but compute and answer.
 *
 * The child is a fork with every other descriptor closed, no new privileges, Landlock without any path (as far as the
 * kernel knows it), a seccomp filter that allows reading, writing, memory and exit, and limits on CPU, memory and time.
 * Whatever it answers is as untrusted as the file. A child that dies, hangs or lies ends as an error, never as a
 * hang. */
#ifndef KHUE_SANDBOX_H
#define KHUE_SANDBOX_H
#include "base/base.h"

struct sandbox;                                          /* the child's side                                   */
struct sandbox_limits {
	size_t memory;                   /* bytes beyond what the process has at the fork; 0: 512 MiB          */
	unsigned cpu_s;                  /* seconds of CPU; 0: 60                                              */
	unsigned wait_s;                 /* seconds the parent waits for the next frame; 0: 70                 */
};
/* What the child runs, with only fd (may be -1) open. Answers by sandbox_put; the return value and *say (text of its
 * own or static, at most 1,000 bytes) reach the parent. */
typedef enum rc sandbox_fn(void *arg, int fd, struct sandbox *out, str *say);
/* A frame as the child put it, at most 1 MiB; valid during the call. False: enough, the child is ended. */
typedef bool frame_fn(void *arg, str frame);

/* How it went. */
enum sandbox_end { SANDBOX_DONE, SANDBOX_STOPPED /* frame returned false */, SANDBOX_SLOW /* CPU or time */,
                   SANDBOX_DIED /* crash or a forbidden call */, SANDBOX_FAILED /* could not be started */ };
/* *ret_rc and *ret_say (in mem) are the child's, for SANDBOX_DONE. wipe (may be empty): memory of the parent that the
 * child clears before it starts: secrets. */
enum sandbox_end sandbox_run(struct arena *mem, const struct sandbox_limits *limits, str wipe, int fd,
                             sandbox_fn *run, void *run_arg, frame_fn *frame, void *frame_arg,
                             enum rc *ret_rc, str *ret_say);

/* In the child: gathers bytes of a frame; sandbox_end_frame may send it (it batches nothing by itself). */
void sandbox_put(struct sandbox *out, const void *p, size_t n);
/* Bytes gathered so far in the frame. */
size_t sandbox_size(const struct sandbox *out);
void sandbox_send(struct sandbox *out);
#endif
