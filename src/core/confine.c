/* confine.c -- see confine.h. */
#include "core/confine.h"
#include "base/log.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights of Landlock by the kernel's version of it: those to change or run, not those to read. */
static uint64_t change_rights(int abi)
{
	uint64_t rights = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR
		| LANDLOCK_ACCESS_FS_REMOVE_FILE
		| LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG
		| LANDLOCK_ACCESS_FS_MAKE_SOCK
		| LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

	if (abi >= 2)
		rights |= (uint64_t)1 << 13;     /* REFER: renaming between folders */
	if (abi >= 3)
		rights |= (uint64_t)1 << 14;     /* TRUNCATE */
	return rights;
}

static bool let(int ruleset, const char *folder, uint64_t rights)
{
	struct landlock_path_beneath_attr at = { .allowed_access = rights & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE,
		.parent_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC) };
	bool good;

	if (at.parent_fd < 0)
		return errno == ENOENT;
	good = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &at, 0) == 0;
	close(at.parent_fd);
	return good;
}

static bool files_only_there(const char *const *folders, int n)
{
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION), fd;
	struct landlock_ruleset_attr rules = { .handled_access_fs = change_rights(abi) };
	bool good = true;

	if (abi <= 0)
		return false;
	fd = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof rules.handled_access_fs, 0);
	if (fd < 0)
		return false;
	for (int i = 0; i < n && good; i++)
		good = let(fd, folders[i], rules.handled_access_fs);
	good = good && let(fd, "/dev", LANDLOCK_ACCESS_FS_WRITE_FILE);
	good = good && syscall(SYS_landlock_restrict_self, fd, 0) == 0;
	close(fd);
	return good;
}

static bool fewer_calls(void)
{
	static const int never[] = {
		SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
		SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(unshare), SCMP_SYS(setns),
		SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(kexec_load),
		SCMP_SYS(kexec_file_load),
		SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd), SCMP_SYS(keyctl), SCMP_SYS(add_key),
		SCMP_SYS(request_key),
		SCMP_SYS(reboot), SCMP_SYS(swapon), SCMP_SYS(swapoff), SCMP_SYS(settimeofday), SCMP_SYS(clock_settime),
		SCMP_SYS(adjtimex),
		SCMP_SYS(iopl), SCMP_SYS(ioperm), SCMP_SYS(io_uring_setup), SCMP_SYS(open_by_handle_at), SCMP_SYS(quotactl),
		SCMP_SYS(acct) };
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	bool good = f != NULL;

	for (ptrdiff_t i = 0; i < COUNT(never) && good; i++)
		good = seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), never[i], 0) == 0;
	good = good && seccomp_load(f) == 0;
	if (f)
		seccomp_release(f);
	return good;
}

bool confine(const char *const *folders, int n)
{
	bool good = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;

	if (!files_only_there(folders, n))
		log_line(LOG_WARN, "confined_less", "without", "landlock", NULL);
	good = good && fewer_calls();
	if (!good)
		log_line(LOG_WARN, "confined_less", "without", "seccomp", NULL);
	return good;
}
