const NAMES = `AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE
  LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE
  SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM ALL`.split(/\s+/);

/**
 * What is wrong with a capability of Linux as Kubernetes has it: a name that the kernel does not know is left out without a word.
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container
 */
export function reasonAgainstCapability(value: string): string | undefined {
  const name = value.toUpperCase().replace(/^CAP_/, '');
  if (NAMES.includes(value)) {
    return undefined;
  }
  return NAMES.includes(name) ? `Kubernetes writes "${name}"` : 'not a capability of Linux';
}
