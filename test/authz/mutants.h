/* mutants.h -- wrong declarations, which a run of the matrix must notice. */
#ifndef KHUE_TEST_MUTANTS_H
#define KHUE_TEST_MUTANTS_H

/* mutate: changes the declarations of this process for good. The last has no name. */
struct mutant { const char *name; void (*mutate)(void); };
extern const struct mutant mutants[];

#endif
