import { ImageBuildChoice } from './image-build-choice';
import { Settings } from '../config/settings';
import { RunnerVolume } from '../job-pod/runner-volume';
import { RunnerOptions } from '../runner-options';

/** What a way of building images adds to a runner. */
export interface ImageBuildParts {
  /** What the daemon may do; everything else in the pod keeps to the runner's own settings. */
  readonly context: Settings;
  readonly service: Settings;
  readonly volumes: readonly RunnerVolume[];
  /** By which the job's programs find the daemon. */
  readonly environment: { readonly [name: string]: string };
  /** Of `[runners.kubernetes]` and of `[[runners]]`, unless they are set. */
  readonly settings: Settings;
  readonly runnerSettings: Settings;
  readonly patches: readonly Settings[];
}

const UNCONFINED = { seccomp_profile: { type: 'Unconfined' }, app_armor_profile: { type: 'Unconfined' } };
const ROOT = { run_as_user: 0, run_as_group: 0, run_as_non_root: false };
// of the image: its subordinate ids belong to this user.
const BUILDKIT_USER = { run_as_user: 1000, run_as_group: 1000, run_as_non_root: true };
// only within the pod, as nobody signs in there.
const BUILDKIT_PORT = 1234;
const BUILDKIT_ADDRESS = `tcp://127.0.0.1:${BUILDKIT_PORT}`;
const DOCKER_PORT = 2376;
const CERTIFICATES = '/certs';
/** What the container runtime gives to everybody, and so does BuildKit to each RUN: nobody can give away what he has not. */
const USUAL_CAPABILITIES = [
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'NET_RAW', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT',
];

/** What a way of building images adds to a runner. */
export function imageBuildParts({ kind, image, storageSizeLimit }: ImageBuildChoice): ImageBuildParts {
  const store = (name: string, path: string) => RunnerVolume.emptyDir(name, path, storageSizeLimit);
  const nothing = { settings: {}, runnerSettings: {}, patches: [] };
  switch (kind) {
    case 'rootlessBuildkit':
      return {
        ...nothing,
        // newuidmap is a setuid program, and needs no more than to set ids.
        context: { ...BUILDKIT_USER, ...UNCONFINED, allow_privilege_escalation: true, capabilities: { drop: ['ALL'], add: ['SETUID', 'SETGID'] } },
        // from a user namespace of its own it sees the pod's /proc with parts of it hidden, so that no other can be mounted.
        service: buildkit(image, '--oci-worker-no-process-sandbox'),
        // overlayfs refuses to lie on the container's own overlayfs.
        volumes: [store('buildkit', '/home/user/.local/share/buildkit')],
        environment: { BUILDKIT_HOST: BUILDKIT_ADDRESS },
      };
    case 'userNamespace':
      return {
        context: {
          ...ROOT,
          ...UNCONFINED,
          // steps may use sudo, as root of the namespace anyway.
          allow_privilege_escalation: true,
          // all are listed: the runner drops NET_RAW by default, and what is dropped cannot be added.
          capabilities: { drop: ['ALL'], add: [...USUAL_CAPABILITIES, 'SYS_ADMIN'] },
        },
        service: buildkit(image, '--root', '/var/lib/buildkit'),
        volumes: [store('buildkit', '/var/lib/buildkit')],
        environment: { BUILDKIT_HOST: BUILDKIT_ADDRESS },
        // not even root can make folders at the root of a file system there.
        settings: { logs_base_dir: '/tmp', scripts_base_dir: '/tmp' },
        runnerSettings: { builds_dir: '/tmp/builds' },
        patches: [{ name: 'user namespace', patch_type: 'json', patch: JSON.stringify([{ op: 'add', path: '/hostUsers', value: false }]) }],
      };
    case 'docker':
      return {
        ...nothing,
        context: { ...ROOT, privileged: true, allow_privilege_escalation: true },
        service: { name: image, alias: 'docker', environment: [`DOCKER_TLS_CERTDIR=${CERTIFICATES}`, `HEALTHCHECK_TCP_PORT=${DOCKER_PORT}`] },
        volumes: [store('docker', '/var/lib/docker'), RunnerVolume.memory('docker-certificates', `${CERTIFICATES}/client`)],
        environment: {
          DOCKER_HOST: `tcp://docker:${DOCKER_PORT}`, DOCKER_TLS_CERTDIR: CERTIFICATES, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: `${CERTIFICATES}/client`,
        },
      };
  }
}

/** A runner's options with what its way of building images adds. */
export function withImageBuilds(options: RunnerOptions, parts: ImageBuildParts): RunnerOptions {
  const { allowedServices, kubernetesSettings = {} } = options;
  const { context, service, volumes, environment, settings, runnerSettings } = parts;
  return {
    ...options,
    // the runner's own services have to be in the list too.
    allowedServices: allowedServices && [...allowedServices, service.name],
    environment: { ...options.environment, ...environment },
    volumes: [...options.volumes ?? [], ...volumes],
    runnerSettings: { ...runnerSettings, ...options.runnerSettings },
    kubernetesSettings: {
      ...settings, ...kubernetesSettings, service_container_security_context: context, services: [service, ...kubernetesSettings.services ?? []],
    },
  };
}

function buildkit(image: string, ...flags: string[]): Settings {
  return { name: image, alias: 'buildkitd', command: ['--addr', BUILDKIT_ADDRESS, ...flags], environment: [`HEALTHCHECK_TCP_PORT=${BUILDKIT_PORT}`] };
}
