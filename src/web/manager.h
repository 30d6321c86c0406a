/* manager.h -- what the service manager (systemd, Type=notify) is told: a datagram to the socket it names. */
#ifndef KHUE_MANAGER_H
#define KHUE_MANAGER_H
#include <stdbool.h>
#include <stdint.h>

/* Where a manager listens and how often it wants to hear of us; zeroed: nobody asked. */
struct manager { bool ready; int64_t every_ms, told; };

/* From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID of the environment. */
struct manager manager_of(void);
/* "READY=1", "STOPPING=1", "WATCHDOG=1". False: nobody listens. */
bool manager_tell(const char *text);
/* Once all serve: READY=1; after that WATCHDOG=1 three times in the manager's patience, and only while somebody
 * answers: a program that answers nobody is ended by its manager and started anew. now: monotonic ms. */
void manager_pulse(struct manager *m, int64_t now, bool all_serve, bool somebody_answers);
#endif
