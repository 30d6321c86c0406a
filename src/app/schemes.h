/* schemes.h -- the scheme files, told of by khue check and khue scheme. */
#ifndef KHUE_APP_SCHEMES_H
#define KHUE_APP_SCHEMES_H
#include "app/cli.h"
#include "base/embed.h"
#include "mod/records/scheme.h"
#include <stdio.h>

struct schemes_told { struct cli *c; FILE *to; int n; };         /* n: mistakes told                            */
/* The program's and the installation's (DATA/schemes); mistakes go to told->to. */
struct scheme_set *schemes_of(struct cli *c, struct schemes_told *told);
/* A line for each mistake in any scheme or between them; returns how many. */
int schemes_tell(struct cli *c, FILE *to);
#endif
