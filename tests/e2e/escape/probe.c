/* Tries the doors of a sandbox that only system calls can try. One line each on standard output:
 *     NAME OUTCOME
 * where OUTCOME is `open` (the door is not shut), the errno's name, or `signal N` if the attempt was
 * killed. Linked statically, so that it runs wherever it is put. `probe PID...` also goes for these
 * processes of the host. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_packet.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* An attempt succeeds when it returns 0 or more. */
static void attempt(const char *name, long (*try)(long), long argument)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        errno = 0;
        long result = try(argument);
        if (result >= 0) {
            printf("%s open\n", name);
        } else {
            printf("%s %s\n", name, strerrorname_np(errno));
        }
        fflush(stdout);
        _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        printf("%s broken\n", name);
    } else if (WIFSIGNALED(status)) {
        printf("%s signal %d\n", name, WTERMSIG(status));
    }
}

static char page[4096] __attribute__((aligned(4096)));

#define CALL(name, ...)                                                                            \
    static long try_##name(long argument)                                                          \
    {                                                                                              \
        (void)argument;                                                                            \
        return __VA_ARGS__;                                                                        \
    }

CALL(unshare_user, unshare(CLONE_NEWUSER))
CALL(unshare_mount, unshare(CLONE_NEWNS))
CALL(unshare_network, unshare(CLONE_NEWNET))
CALL(unshare_time, unshare(0x80))
CALL(clone_user, syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0))
CALL(clone_mount, syscall(SYS_clone, CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0))
CALL(clone_pid, syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0))

static long try_clone3_user(long argument)
{
    unsigned long long arguments[11] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD, 0, 0, 0, 0, 0, 0};
    (void)argument;
    return syscall(SYS_clone3, arguments, sizeof arguments);
}

static long try_setns(long argument)
{
    int own = open("/proc/self/ns/mnt", O_RDONLY);
    (void)argument;
    return own < 0 ? own : setns(own, CLONE_NEWNS);
}

static long try_setns_first(long argument)
{
    int first = open("/proc/1/ns/net", O_RDONLY);
    (void)argument;
    return first < 0 ? first : setns(first, CLONE_NEWNET);
}

CALL(mount, mount("none", "/tmp", "tmpfs", 0, ""))
CALL(bind_mount, mount("/proc", "/tmp", "", MS_BIND, ""))
CALL(remount, mount("", "/usr", "", MS_REMOUNT | MS_BIND, ""))
CALL(umount, umount2("/proc", MNT_DETACH))
CALL(fsopen, syscall(SYS_fsopen, "tmpfs", 0))
CALL(open_tree, syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */))
CALL(pivot_root, syscall(SYS_pivot_root, "/tmp", "/tmp"))
CALL(chroot, chroot("/tmp"))
CALL(swapoff, syscall(SYS_swapoff, "/tmp/none"))
CALL(acct, acct("/tmp"))
CALL(quotactl, syscall(SYS_quotactl, 0x800001 << 8, 0, 0, 0))
CALL(handle, syscall(SYS_name_to_handle_at, AT_FDCWD, "/etc", page, page + 2048, 0))

static long try_open_by_handle(long argument)
{
    struct {
        unsigned bytes;
        int type;
        unsigned long long inode;
    } root = {8, 1, 2}; /* inode 2, the top of an ext4 */
    int at = open("/work", O_RDONLY | O_DIRECTORY);
    (void)argument;
    return syscall(SYS_open_by_handle_at, at < 0 ? AT_FDCWD : at, &root, O_RDONLY);
}

CALL(fanotify, syscall(SYS_fanotify_init, 0, 0))
CALL(ptrace_first, ptrace(PTRACE_ATTACH, 1, 0, 0))
CALL(ptrace_me, ptrace(PTRACE_TRACEME, 0, 0, 0))

static long try_read_memory(long pid)
{
    struct iovec own = {page, 8}, other = {page, 8};
    return process_vm_readv((pid_t)pid, &own, 1, &other, 1, 0);
}

static long try_take_descriptor(long pid)
{
    int process = (int)syscall(SYS_pidfd_open, pid, 0);
    return process < 0 ? process : syscall(SYS_pidfd_getfd, process, 0, 0);
}

CALL(kcmp, syscall(SYS_kcmp, getpid(), 1, 0, 0, 0))
CALL(bpf, syscall(SYS_bpf, 0, page, 72))
CALL(perf, syscall(SYS_perf_event_open, page, 0, -1, -1, 0))
CALL(userfaultfd, syscall(SYS_userfaultfd, 1))
CALL(add_key, syscall(SYS_add_key, "user", "door", "x", 1, -2))
CALL(keyctl, syscall(SYS_keyctl, 0, -3, 1))
CALL(request_key, syscall(SYS_request_key, "user", "door", 0, -2))
CALL(io_uring, syscall(SYS_io_uring_setup, 1, memset(page, 0, sizeof page)))
CALL(aio, syscall(SYS_io_setup, 1, memset(page, 0, sizeof page)))
CALL(secret_memory, syscall(SYS_memfd_secret, 0))
CALL(init_module, syscall(SYS_init_module, page, sizeof page, ""))
CALL(finit_module, syscall(SYS_finit_module, 0, "", 0))
CALL(kexec, syscall(SYS_kexec_load, 0, 0, 0, 0))
CALL(reboot, syscall(SYS_reboot, 0xfee1dead, 672274793, 0, 0))
CALL(settimeofday, syscall(SYS_settimeofday, page, 0))
CALL(hostname, sethostname("door", 4))
CALL(kernel_log, syscall(SYS_syslog, 3, page, sizeof page))
CALL(move_pages, syscall(SYS_move_pages, 1, 0, 0, 0, 0, 0))
CALL(setuid, setuid(0))
CALL(setgid, setgid(0))
CALL(setgroups, syscall(SYS_setgroups, 1, page))
CALL(keep_privileges, prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0))
CALL(ambient, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0))
CALL(terminal_input, ioctl(0, TIOCSTI, "x"))
CALL(terminal, open("/dev/tty", O_RDWR))
CALL(block_device, mknod("/tmp/door-block", S_IFBLK | 0600, 7 << 8))
CALL(character_device, mknod("/tmp/door-character", S_IFCHR | 0600, 1 << 8 | 1))

static long try_capabilities(long argument)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{~0U, ~0U, 0}, {0x1ff, 0x1ff, 0}};
    (void)argument;
    return syscall(SYS_capset, &header, data);
}

struct family {
    const char *name;
    int domain, type, protocol;
};

static const struct family families[] = {
    {"socket_packet", AF_PACKET, SOCK_RAW, 0},       {"socket_vsock", 40, SOCK_STREAM, 0},
    {"socket_alg", 38, SOCK_SEQPACKET, 0},           {"socket_xdp", 44, SOCK_RAW, 0},
    {"socket_key", 15, SOCK_RAW, 2},                 {"socket_bluetooth", 31, SOCK_RAW, 1},
    {"socket_can", 29, SOCK_RAW, 1},                 {"socket_tipc", 30, SOCK_RDM, 0},
    {"socket_rds", 21, SOCK_SEQPACKET, 0},           {"socket_netfilter", AF_NETLINK, SOCK_RAW, 12},
    {"socket_audit", AF_NETLINK, SOCK_RAW, 9},       {"socket_uevent", AF_NETLINK, SOCK_RAW, 15},
    {"socket_diagnosis", AF_NETLINK, SOCK_RAW, 4},   {"socket_crypto", AF_NETLINK, SOCK_RAW, 21},
    {"socket_raw", AF_INET, SOCK_RAW, 1},            {"socket_raw6", AF_INET6, SOCK_RAW, 58},
    {"socket_ping", AF_INET, SOCK_DGRAM, 1},         {"socket_sctp", AF_INET, SOCK_STREAM, 132},
    {"socket_dccp", AF_INET, 6, 33},                 {"socket_mptcp", AF_INET, SOCK_STREAM, 262},
    {"socket_udplite", AF_INET, SOCK_DGRAM, 136},
};

static long try_socket(long index)
{
    return socket(families[index].domain, families[index].type, families[index].protocol);
}

static long try_kill(long pid) { return kill((pid_t)pid, 0); }

static long try_trace(long pid) { return ptrace(PTRACE_SEIZE, (pid_t)pid, 0, 0); }

#if defined(__x86_64__)
CALL(iopl, syscall(SYS_iopl, 3))
CALL(modify_ldt, syscall(SYS_modify_ldt, 1, page, 16))
CALL(x32, syscall(0x40000000 + SYS_getpid))

static long try_32_bit(long argument)
{
    long result = 20; /* getpid of the 32-bit table */
    (void)argument;
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return result;
}
#endif

CALL(control_pid, getpid())
CALL(control_socket, socket(AF_INET, SOCK_STREAM, 0))
CALL(control_unix, socket(AF_UNIX, SOCK_STREAM, 0))
CALL(control_netlink, socket(AF_NETLINK, SOCK_RAW, 0))
CALL(control_fifo, mknod("/tmp/door-fifo", S_IFIFO | 0600, 0))

#define DOOR(name) attempt(#name, try_##name, 0)

int main(int count, char **arguments)
{
    unlink("/tmp/door-fifo");
    unlink("/tmp/door-block");
    unlink("/tmp/door-character");
    DOOR(control_pid), DOOR(control_socket), DOOR(control_unix), DOOR(control_netlink);
    DOOR(control_fifo);
    DOOR(unshare_user), DOOR(unshare_mount), DOOR(unshare_network), DOOR(unshare_time);
    DOOR(clone_user), DOOR(clone_mount), DOOR(clone_pid), DOOR(clone3_user);
    DOOR(setns), DOOR(setns_first);
    DOOR(mount), DOOR(bind_mount), DOOR(remount), DOOR(umount), DOOR(fsopen), DOOR(open_tree);
    DOOR(pivot_root), DOOR(chroot), DOOR(swapoff), DOOR(acct), DOOR(quotactl);
    DOOR(handle), DOOR(open_by_handle), DOOR(fanotify);
    DOOR(ptrace_first), DOOR(ptrace_me), DOOR(kcmp), DOOR(bpf), DOOR(perf), DOOR(userfaultfd);
    attempt("memory_of_first", try_read_memory, 1);
    attempt("descriptor_of_first", try_take_descriptor, 1);
    DOOR(add_key), DOOR(keyctl), DOOR(request_key), DOOR(io_uring), DOOR(aio), DOOR(secret_memory);
    DOOR(init_module), DOOR(finit_module), DOOR(kexec), DOOR(reboot), DOOR(settimeofday);
    DOOR(hostname), DOOR(kernel_log), DOOR(move_pages);
    DOOR(setuid), DOOR(setgid), DOOR(setgroups), DOOR(capabilities), DOOR(keep_privileges);
    DOOR(ambient), DOOR(terminal_input), DOOR(terminal), DOOR(block_device), DOOR(character_device);
    for (size_t i = 0; i < sizeof families / sizeof *families; ++i) {
        attempt(families[i].name, try_socket, (long)i);
    }
#if defined(__x86_64__)
    DOOR(iopl), DOOR(modify_ldt), DOOR(x32);
    attempt("call_of_32_bit", try_32_bit, 0);
#endif
    for (int i = 1; i < count; ++i) {
        char name[64];
        long pid = strtol(arguments[i], NULL, 10);
        snprintf(name, sizeof name, "kill_%ld", pid);
        attempt(name, try_kill, pid);
        snprintf(name, sizeof name, "trace_%ld", pid);
        attempt(name, try_trace, pid);
        snprintf(name, sizeof name, "memory_%ld", pid);
        attempt(name, try_read_memory, pid);
    }
    return 0;
}
