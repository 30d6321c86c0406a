/* disk.h -- a disk in memory under SQLite: it forgets what was not synced when the power goes, and fails when told to.
 *
 * A cut keeps each 512-byte sector of every write since the file's last sync with probability one half, and of a
 * file that grew, rubbish or zeros where nothing was kept. One process, one connection. */
#ifndef KHUE_DISK_H
#define KHUE_DISK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum disk_fault { DISK_FINE, DISK_IOERR, DISK_FULL, DISK_SHORT_READ, DISK_FLIP };
struct disk_image { struct { char name[64]; uint8_t *p; size_t n; } file[8]; int n; };

/* Registers itself below everything opened from now on. */
void disk_register(void);
/* Empties the disk, closes nothing: no connection may be open. */
void disk_clear(void);
/* A copy of all files as they are, all of it synced. */
void disk_save(struct disk_image *ret);
void disk_load(const struct disk_image *from);

/* The power goes at the n-th call that changes something; every call after it fails. 0: never. */
void disk_cut_after(uint64_t n, uint64_t seed);
bool disk_dark(void);
/* What is left when it comes back. */
void disk_power(void);

/* From the n-th call on (reads only for SHORT_READ and FLIP), `times` calls fail; times < 0: all. n = 0: none. */
void disk_fail(enum disk_fault what, uint64_t n, int times, uint64_t seed);
/* Whether the fault has happened. */
bool disk_fired(void);
/* Calls since the last disk_cut_after or disk_fail: all, and those that change something. */
uint64_t disk_calls(void);
/* Changes one bit of the n-th byte of the database on the disk itself; false where it is zero. mend: and makes the
 * page's sum fit again, as if pages had none. */
bool disk_damage(size_t n, bool mend);
size_t disk_size(void);
#endif
