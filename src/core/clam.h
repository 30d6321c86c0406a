/* clam.h -- asks ClamAV's daemon about bytes, over the socket KHUE_CLAMD names (a path). */
#ifndef KHUE_CLAM_H
#define KHUE_CLAM_H
#include "base/base.h"
enum clam { CLAM_OFF /* KHUE_CLAMD not set */, CLAM_CLEAN, CLAM_FOUND, CLAM_DOWN /* no answer in time, or an error */ };
/* From fd (from its beginning) or, with fd < 0, bytes. wait_s: for each step. found: the name of what was found. */
enum clam clam_scan(struct arena *mem, int fd, str bytes, int wait_s, str *found);
#endif
