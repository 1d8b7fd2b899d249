import { Token } from 'cdktf';
import { Settings } from '../config/settings';

// what Kubernetes' Pod Security level `baseline` lets in, see https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline.
const CAPABILITIES = [
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT',
];
const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const PROFILES = /^(RuntimeDefault|Localhost)$/;
const APP_ARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const APP_ARMOR_PROFILES = /^$|^runtime\/default$|^localhost\/[^$]*$/;
/** Of a patch only its words are looked at: it may be JSON or YAML, and names things by keys or by paths. */
const PATCHED = new RegExp([
  'hostNetwork', 'hostPID', 'hostIPC', 'hostPath', 'hostPort', 'hostProcess', 'privileged', 'capabilities', 'procMount', 'seLinuxOptions', 'sysctls', 'Unconfined', '\\bhost\\b',
  'container\\.apparmor',
].join('|'), 'i');

/** The settings of one runner that the level `baseline` refuses, by the names of config.toml. */
export function beyondBaseline(settings: Settings): string[] {
  return Object.entries(settings).filter(([key, value]) => value !== undefined && value !== null && isBeyond(key, value)).map(([key]) => key);
}

function isBeyond(key: string, value: any): boolean {
  switch (key) {
    case 'privileged':
      return value === true || Token.isUnresolved(value);
    case 'volumes':
      return Boolean(value.host_path?.length);
    case 'cap_add':
      return addsCapabilities(value);
    case 'pod_annotations':
      return Object.entries<string>(value).some(([name, profile]) => name.startsWith(APP_ARMOR_ANNOTATION) && !APP_ARMOR_PROFILES.test(profile));
    case 'container_lifecycle':
      return Object.values<any>(value).some((hook) => Boolean(hook?.http_get?.host || hook?.tcp_socket?.host));
    case 'pod_spec':
      return value.some(({ patch, patch_path: path }: any) => Boolean(path) || Token.isUnresolved(patch) || PATCHED.test(String(patch)));
    default:
      return key.endsWith('security_context') && contextIsBeyond(value);
  }
}

function contextIsBeyond(context: Settings): boolean {
  return context.privileged === true || Token.isUnresolved(context.privileged)
    || ![undefined, null, '', 'Default'].includes(context.proc_mount)
    || !SELINUX_TYPES.includes(context.selinux_type ?? '')
    || addsCapabilities(context.capabilities?.add ?? [])
    || [context.seccomp_profile, context.app_armor_profile].some((profile) => profile?.type && !PROFILES.test(profile.type));
}

function addsCapabilities(added: string[]): boolean {
  return Token.isUnresolved(added) || added.some((capability) => !CAPABILITIES.includes(capability));
}
