/* uncounted.c -- what the compiler counts for AFL++ (meson.build): libFuzzer has its own and ends at the first of it.
 * Linked with its targets by --wrap. */
#include <stdint.h>

#define UNCOUNTED __attribute__((no_sanitize("coverage")))
void __wrap___sanitizer_cov_trace_pc_guard(uint32_t *edge);
void __wrap___sanitizer_cov_trace_pc_guard_init(uint32_t *from, uint32_t *to);

UNCOUNTED void __wrap___sanitizer_cov_trace_pc_guard(uint32_t *edge)
{
	(void)edge;
}

UNCOUNTED void __wrap___sanitizer_cov_trace_pc_guard_init(uint32_t *from, uint32_t *to)
{
	(void)from;
	(void)to;
}
