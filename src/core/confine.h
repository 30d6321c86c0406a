/* confine.h -- what a serving process gives up once it stands: no program can be started, no other process looked
 * into, nothing mounted, no kernel module or BPF loaded, and nothing written outside the installation's folders.
 * Reading stays (fonts, time zones, certificates); the unit of systemd narrows that. It cannot be undone and holds
 * for every child. */
#ifndef KHUE_CONFINE_H
#define KHUE_CONFINE_H
#include "base/base.h"

/* folders: where writing stays possible; those that do not exist are passed over. What the kernel does not know is
 * left out and said in the log; false: even no_new_privs or the filter of calls was refused. */
bool confine(const char *const *folders, int n);
#endif
