// What a node makes of a container in a pod with `hostUsers: false`, where the node's own containerd (1.6) cannot: runc is given the same by hand, from the pod as
// the API server has it. User namespace, user, capabilities, no_new_privs and volumes are the pod's, and /proc is masked as in any pod. Unlike on a node, volumes
// belong to the namespace's root by their owner, not by an id-mapped mount, and there is no profile of seccomp or AppArmor: none but Unconfined is taken.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The first of the ids of the node that the namespace's are. */
const FIRST_ID = 200_000;
const IDS = 65_536;
/** On the bridge of the pods, beyond what they get. */
const ADDRESS = '10.244.0.250';
const GATEWAY = '10.244.0.1';
/** In the mount namespace of the test file; the namespace's root has to get there, which it does not where only the machine's root may. */
const FOLDER = '/mnt';

export class PodUserNamespace {
  private readonly folder = FOLDER;
  private readonly id = `pod-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;

  /**
   * @param images the folder of images.
   * @param image such as `moby/buildkit:1`.
   * @param container of the pod's spec.
   */
  constructor(images: string, image: string, container: any, volumes: readonly any[], cgroup: string) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', FOLDER]);
    const blob = (digest: string) => readFileSync(join(images, 'blobs', digest));
    const manifest = JSON.parse(blob(JSON.parse(readFileSync(join(images, 'index.json'), 'utf8'))[image]).toString());
    const root = join(this.folder, 'rootfs');
    mkdirSync(root);
    for (const { digest } of manifest.layers) {
      execFileSync('tar', ['-C', root, '-xf', join(images, 'blobs', digest)]);
    }
    const { config } = JSON.parse(blob(manifest.config.digest).toString());
    const isEmptyDir = ({ name }: any) => volumes.some((volume) => volume.name === name && volume.emptyDir);
    const mounts = container.volumeMounts.filter(isEmptyDir).map(({ name, mountPath }: any) => {
      const source = join(this.folder, 'volumes', name);
      mkdirSync(source, { recursive: true, mode: 0o777 });
      mkdirSync(join(root, mountPath), { recursive: true });
      return { destination: mountPath, type: 'bind', source, options: ['rbind', 'rw'] };
    });
    execFileSync('chown', ['-hR', `${FIRST_ID}:${FIRST_ID}`, this.folder]);
    execFileSync('runc', ['spec', '--bundle', this.folder]);
    const file = join(this.folder, 'config.json');
    writeFileSync(file, JSON.stringify(ofPod(JSON.parse(readFileSync(file, 'utf8')), container, config, mounts, `/${cgroup}/${this.id}`)));
  }

  start(): void {
    this.runc('create', '--bundle', this.folder, this.id);
    const { pid } = JSON.parse(this.runc('state', this.id));
    const link = `v${pid}`;
    const inside = (...command: string[]) => execFileSync('nsenter', ['--target', String(pid), '--net', 'ip', ...command]);
    execFileSync('ip', ['link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid)]);
    execFileSync('ip', ['link', 'set', link, 'master', 'cni0', 'up']);
    inside('link', 'set', 'lo', 'up');
    inside('address', 'add', `${ADDRESS}/24`, 'dev', 'eth0');
    inside('link', 'set', 'eth0', 'up');
    inside('route', 'add', 'default', 'via', GATEWAY);
    this.runc('start', this.id);
  }

  /** What a command in the container says, and whether it succeeds. The registry is in this process, which must not wait. */
  async run(script: string): Promise<{ ok: boolean; output: string }> {
    try {
      const { stdout } = await promisify(execFile)('runc', ['--root', this.state, 'exec', this.id, 'sh', '-c', `exec 2>&1; ${script}`], { timeout: 120_000 });
      return { ok: true, output: stdout };
    } catch (error: any) {
      return { ok: false, output: `${error.stdout}${error.stderr}` };
    }
  }

  /** What the container's first process wrote. */
  get log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8');
  }

  stop(): void {
    this.runc('delete', '--force', this.id);
    execFileSync('umount', ['--lazy', FOLDER]);
  }

  private runc(...args: string[]): string {
    // what stays open of the container's would keep this waiting.
    if (args[0] === 'create') {
      try {
        execFileSync('sh', ['-c', 'runc "$@" >"$0" 2>&1 </dev/null', join(this.folder, 'log'), '--root', this.state, ...args]);
      } catch {
        throw new Error(`no container: ${this.log}`);
      }
      return '';
    }
    return execFileSync('runc', ['--root', this.state, ...args], { encoding: 'utf8', stdio: 'pipe' });
  }

  private get state(): string {
    return join(this.folder, 'runc');
  }
}

function ofPod(spec: any, { securityContext: context, args }: any, image: any, mounts: readonly any[], cgroupsPath: string): any {
  if (context.seccompProfile?.type !== 'Unconfined' || context.privileged || !context.capabilities.drop.includes('ALL')) {
    throw new Error(`not to be made by hand: ${JSON.stringify(context)}`);
  }
  const capabilities = context.capabilities.add.map((name: string) => `CAP_${name}`);
  const ids = [{ containerID: 0, hostID: FIRST_ID, size: IDS }];
  return {
    ...spec,
    root: { path: 'rootfs', readonly: false },
    process: {
      ...spec.process,
      terminal: false,
      user: { uid: context.runAsUser, gid: context.runAsGroup },
      args: [...image.Entrypoint, ...args],
      env: image.Env,
      cwd: '/',
      noNewPrivileges: !context.allowPrivilegeEscalation,
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
    },
    mounts: [...spec.mounts, ...mounts],
    linux: {
      ...spec.linux,
      cgroupsPath,
      uidMappings: ids,
      gidMappings: ids,
      namespaces: [...spec.linux.namespaces.filter(({ type }: any) => type !== 'cgroup'), { type: 'user' }],
    },
  };
}
