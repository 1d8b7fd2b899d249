import { ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cable } from './fabric';
import { AWAY, host, lane, until } from './lane';

/** The database server that GitLab's package would bring; no test of the whole way asks for it. */
const { FIRSTBOOT_DATABASE_ROOT: DATABASE_ROOT } = process.env;
const OWN_DATABASE = DATABASE_ROOT === undefined ? [] : [`--bind-ro=${DATABASE_ROOT}:/usr/lib/omnibus-postgresql/root`];

/** cgroup hierarchies in which the machine gets a group of its own: both of a hybrid host, else the one there is. */
const HIERARCHIES = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd', '/sys/fs/cgroup']
  .filter((folder) => existsSync(join(folder, 'cgroup.procs'))).slice(0, 2);

/** What is due at night, whatever the stack says: here it is due half a day from now. */
const NIGHTLY = ['gitlab-certificate', 'gitlab-saml', 'gitlab-sign-in'];

export interface Outcome {
  readonly status: number;
  readonly output: string;
}

/** Where a machine lives: what no other one has. */
export interface MachinePlace {
  /** The name of its network namespace, of its cgroups, and of the container. */
  readonly name: string;
  readonly folder: string;
  /** Its address, as this process reaches it. */
  readonly address: string;
  /** The loop device that is its data disk, if it has one. */
  readonly device?: string;
  readonly hostname?: string;
  /** Its cable, where it has a network namespace of its own. */
  readonly cable?: Cable;
}

/** A machine that is alone has this process' network. */
const ALONE: MachinePlace = { name: lane.name, folder: lane.folder, address: '127.0.0.1', device: lane.device };

/** A virtual machine: an OS disk of its own on top of the common root, systemd as its first process. */
export class Machine {
  private readonly base: string;
  private readonly mount: string;
  private readonly image: string;
  private nspawn?: ChildProcess;

  constructor(private readonly place = ALONE) {
    this.base = join(place.folder, 'os');
    this.mount = join(this.base, 'root');
    this.image = join(place.folder, 'os.img');
  }

  get address(): string {
    return this.place.address;
  }

  /** A new OS disk, as after the virtual machine was replaced. The machine is off. A size is that of a disk of its own for what the machine changes. */
  create(hosts: string, authority: string, megabytes?: number): void {
    this.wipe();
    if (megabytes !== undefined) {
      mkdirSync(this.base, { recursive: true });
      writeFileSync(this.image, '');
      truncateSync(this.image, megabytes * 1024 * 1024);
      host('mkfs.ext4', '-q', '-F', '-m', '0', this.image);
      host('mount', '-o', 'loop', this.image, this.base);
    }
    const [upper, work] = ['upper', 'work'].map((name) => join(this.base, name));
    [upper, work, this.mount].forEach((folder) => mkdirSync(folder, { recursive: true }));
    host('mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=${lane.root},upperdir=${upper},workdir=${work}`, this.mount);
    this.writeHosts(hosts);
    appendFileSync(join(this.mount, 'etc/ssl/certs/ca-certificates.crt'), authority);
    // where Ubuntu takes it from when its store is made anew.
    this.write('/usr/local/share/ca-certificates/azure.crt', authority);
    host('ssh-keygen', '-q', '-A', '-f', this.mount);
    if (this.place.hostname) {
      this.write('/etc/hostname', `${this.place.hostname}\n`);
    }
    if (this.place.device) {
      // what azure's own rules make of lun 0, and of a disk that comes later.
      this.write('/etc/udev/rules.d/66-lun.rules', `SUBSYSTEM=="block", KERNEL=="${this.place.device.slice(5)}", ACTION!="remove", ATTR{size}!="0", `
        + 'SYMLINK+="disk/azure/scsi1/lun0"\n');
    }
    NIGHTLY.forEach((name) => this.write(`/usr/local/lib/systemd/system/${name}.timer.d/away.conf`, `[Timer]\nOnCalendar=\nOnCalendar=${AWAY} UTC\nRandomizedDelaySec=0\n`));
    // between two questions to GitLab or Azure the scripts let five seconds go by; one does here, or the tests would do little else than wait.
    this.write('/usr/local/sbin/sleep', '#!/bin/sh\n[ "$1" != 5 ] || set -- 1\nexec /usr/bin/sleep "$@"\n', 0o755);
  }

  /** Removes the OS disk. The machine is off. */
  wipe(): void {
    [this.mount, this.base].filter((path) => existsSync(path)).forEach((path) => {
      try {
        host('umount', path);
      } catch {
        // it was not mounted
      }
    });
    [this.base, this.image].forEach((path) => rmSync(path, { recursive: true, force: true }));
  }

  async start(): Promise<void> {
    const { name, folder, device, cable } = this.place;
    cable?.plugIn();
    const groups = HIERARCHIES.map((hierarchy) => join(hierarchy, name));
    groups.forEach((group) => mkdirSync(group, { recursive: true }));
    const console = openSync(join(folder, 'console'), 'w');
    const enter = groups.map((group) => `echo $$ >${group}/cgroup.procs`).join(' && ');
    this.nspawn = spawn('sh', ['-c', `${enter} && exec "$@"`, 'sh', 'systemd-nspawn', '--quiet', `--directory=${this.mount}`, `--machine=${name}`,
      '--register=no', '--keep-unit', `--network-namespace-path=/run/netns/${name}`, '--capability=CAP_NET_ADMIN', '--resolv-conf=off', '--timezone=off',
      '--link-journal=no', '--console=pipe', '--kill-signal=SIGRTMIN+3', ...device ? [`--bind=${device}`] : [],
      ...OWN_DATABASE, '/usr/local/sbin/lab-init'], {
      stdio: ['ignore', console, console],
      env: { ...process.env, SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'yes', SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
    });
    closeSync(console);
    await until(`the machine's boot, see ${folder}/console`, async () => {
      if (this.nspawn!.exitCode !== null) {
        throw new Error(`the machine did not start: ${readFileSync(join(folder, 'console'), 'utf8')}`);
      }
      return this.leader !== undefined && (await this.try('systemctl', 'is-active', '--quiet', 'multi-user.target')).status === 0;
    });
  }

  /** Restarts as the operating system does it. */
  async reboot(): Promise<void> {
    await this.try('systemctl', 'reboot');
    await this.gone();
    await this.start();
  }

  async shutDown(): Promise<void> {
    await this.try('systemctl', 'poweroff');
    await this.gone();
  }

  /** Loses power, but for what the page cache holds. */
  async die(): Promise<void> {
    // first, or what is left of its network would answer for it.
    this.place.cable?.pullOut();
    HIERARCHIES.forEach((hierarchy) => processes(join(hierarchy, this.place.name)).forEach((pid) => {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it is gone already
      }
    }));
    await this.gone();
  }

  get running(): boolean {
    return this.nspawn !== undefined && this.nspawn.exitCode === null && this.nspawn.signalCode === null;
  }

  /** Runs a program in the machine. Fails if it fails. */
  async run(...command: string[]): Promise<string> {
    const { status, output } = await this.try(...command);
    if (status !== 0) {
      throw new Error(`${command.join(' ')}: ${status}\n${output}`);
    }
    return output;
  }

  async shell(script: string): Promise<string> {
    return this.run('bash', '-c', script);
  }

  /** The beginning of a command of the host that runs the rest of it in the machine. */
  enter(): string[] {
    return ['nsenter', '-t', String(this.leader), '-a'];
  }

  async try(...command: string[]): Promise<Outcome> {
    if (this.leader === undefined) {
      return { status: -1, output: 'the machine is off' };
    }
    const [program, ...args] = [...this.enter(), ...command];
    return new Promise((resolve) => {
      execFile(program, args, { maxBuffer: 64 * 1024 * 1024 }, (error, output, errors) => {
        resolve({ status: error ? Number(error.code) || -1 : 0, output: output + errors });
      });
    });
  }

  /**
   * Starts a service, which sees all that was done before, and waits for its end: a start joins one that its timer has begun, so that one ends first.
   * systemd refuses a sixth start within ten seconds, which only tests ask for.
   */
  async startService(service: string): Promise<Outcome> {
    await until(`the end of ${service}`, async () => (await this.try('systemctl', 'is-active', service)).output.trim() !== 'activating');
    await this.try('systemctl', 'reset-failed', service);
    return this.try('systemctl', 'start', service);
  }

  /** Waits until a script waits for the lock that it has behind a file descriptor. */
  async waitsFor(descriptor: number): Promise<void> {
    await until('somebody waits', async () => (await this.try('pgrep', '--full', '--exact', `flock --wait [0-9]+ ${descriptor}`)).status === 0);
  }

  /** What was said until now, as the journal's options choose it: the journal may be behind what has ended. */
  async journal(...options: string[]): Promise<string> {
    await this.run('journalctl', '--sync');
    return this.run('journalctl', '--no-pager', '--output=cat', ...options);
  }

  /** Writes a file of the OS disk. */
  write(path: string, text: string, mode = 0o644): void {
    const file = join(this.mount, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text, { mode });
  }

  /** A node's own waits: balancers here look more often than Azure's, and whoever waits for a node waits less. */
  hasten(): void {
    this.write('/etc/systemd/system.conf.d/time.conf', '[Manager]\nDefaultEnvironment=DRAIN_SECONDS=10 WATCH_SECONDS=1\n');
  }

  /** What scripts wrote there stays. In place of the file at once, since what runs on the machine looks for names meanwhile. */
  writeHosts(hosts: string): void {
    const written = existsSync(this.onHost('/etc/hosts')) ? this.read('/etc/hosts').split('\n').filter((line) => line.includes(' # ')) : [];
    this.write('/etc/hosts.new', ['127.0.0.1 localhost', ...written, hosts].join('\n'));
    renameSync(this.onHost('/etc/hosts.new'), this.onHost('/etc/hosts'));
  }

  /** Where a file of the OS disk is on the host. */
  onHost(path: string): string {
    return join(this.mount, path);
  }

  read(path: string): string {
    return readFileSync(this.onHost(path), 'utf8');
  }

  private get leader(): number | undefined {
    const search = (pid: number, depth: number): number | undefined => {
      for (const child of children(pid)) {
        const name = nameOf(child);
        const found = name === 'systemd' ? child : depth > 0 ? search(child, depth - 1) : undefined;
        if (found) {
          return found;
        }
      }
      return undefined;
    };
    return this.running ? search(this.nspawn!.pid!, 2) : undefined;
  }

  private async gone(): Promise<void> {
    await until('the end of the machine', () => !this.running);
    HIERARCHIES.forEach((hierarchy) => {
      processes(join(hierarchy, this.place.name)).forEach((pid) => {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // it is gone already
        }
      });
    });
    // the network outlives the machine here, and its kernel would not: what filtered packets is gone.
    this.place.cable?.pullOut();
    host('nsenter', `--net=/run/netns/${this.place.name}`, 'chroot', lane.root, '/bin/sh', '-c', 'nft delete table ip gitlab_metadata 2>/dev/null || true');
    await until('the end of its processes', () => HIERARCHIES.every((hierarchy) => removed(join(hierarchy, this.place.name))));
  }
}

function children(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

function processes(group: string): number[] {
  if (!existsSync(group)) {
    return [];
  }
  const below = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [
    ...readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number),
    ...below.flatMap((entry) => processes(join(group, entry.name))),
  ];
}

/** Removes a cgroup and those below it. @returns whether all are gone */
function removed(group: string): boolean {
  try {
    if (existsSync(group)) {
      readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory()).forEach((entry) => removed(join(group, entry.name)));
      rmdirSync(group);
    }
    return true;
  } catch {
    return false;
  }
}
