// What a run makes on the host, and the sweep that takes it away again, also what a killed run left. Everything bears the name of the run, so nothing else is touched.
// Environment: FIRSTBOOT_NAME, that name; FIRSTBOOT_SCRATCH, where its files are; FIRSTBOOT_FIRST_DEVICE, the number of its first loop device. Runs that differ in
// all three do not meet.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowWatchers } from '../../programs/watchers.mjs';

const NAME = process.env.FIRSTBOOT_NAME ?? 'gitlab-firstboot';
export const SCRATCH = process.env.FIRSTBOOT_SCRATCH ?? `/var/tmp/${NAME}`;
const PREFIX = `${NAME}-`;
const LOCK = `/run/${NAME}.pid`;
// above those that a distribution makes at its start.
const FIRST_DEVICE = Number(process.env.FIRSTBOOT_FIRST_DEVICE ?? 40);

const quiet = (program, ...args) => spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).stdout ?? '';

/** One run of a name at a time; before and after it, however it ends, nothing of a run is there. @returns the exit status */
export async function alone(run, clean = sweep) {
  const other = running();
  if (other) {
    console.log(`the tier runs already, as process ${other}`);
    return 1;
  }
  writeFileSync(LOCK, String(process.pid));
  allowWatchers();
  const end = () => {
    clean();
    rmSync(LOCK, { force: true });
  };
  const leave = (status) => {
    try {
      end();
    } catch (error) {
      console.error(error);
    }
    process.exit(status);
  };
  process.on('SIGINT', () => leave(130)).on('SIGTERM', () => leave(143)).on('SIGHUP', () => leave(129));
  try {
    clean();
    return await run();
  } finally {
    end();
  }
}

function running() {
  const pid = existsSync(LOCK) ? readFileSync(LOCK, 'utf8').trim() : '';
  return pid && existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('/run.mjs') ? pid : undefined;
}

/** @returns the environment of a lane's processes */
export function makeLane(number) {
  const name = `${PREFIX}${number}`;
  const folder = join(SCRATCH, name);
  const device = `/dev/loop${FIRST_DEVICE + number}`;
  mkdirSync(folder, { recursive: true });
  if (!existsSync(device)) {
    execFileSync('mknod', [device, 'b', '7', String(FIRST_DEVICE + number)]);
  }
  execFileSync('ip', ['netns', 'add', name]);
  execFileSync('ip', ['-n', name, 'link', 'set', 'lo', 'up']);
  // Azure's own two, where the stand-ins are, where a forward proxy is, and where a database is.
  ['169.254.169.254/32', '168.63.129.16/32', '10.77.2.2/32', '10.77.2.3/32', '10.77.2.9/32'].forEach((address) => execFileSync('ip', ['-n', name, 'addr', 'add', address, 'dev', 'lo']));
  return { FIRSTBOOT_LANE: name, FIRSTBOOT_FOLDER: folder, FIRSTBOOT_DEVICE: device };
}

/** Node with a program in the lane's network namespace: what it listens on is what the machine reaches. */
export function spawnInLane({ FIRSTBOOT_LANE: name }, args, options) {
  return spawn('nsenter', [`--net=/run/netns/${name}`, process.execPath, ...args], options);
}

/** What one lane has, so that it can be made anew. */
export function sweepLane({ FIRSTBOOT_LANE: name, FIRSTBOOT_FOLDER: folder }) {
  sweep(name, folder);
}

/** Ends all processes of the lanes, this one apart, and removes all that belongs to them. */
export function sweep(prefix = PREFIX, scratch = SCRATCH) {
  const names = quiet('ip', 'netns', 'list').split('\n').map((line) => line.split(' ')[0]).filter((name) => name.startsWith(prefix));
  const hierarchies = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd'].filter((folder) => existsSync(folder));
  const groups = hierarchies.flatMap((folder) => readdirSync(folder).filter((name) => name.startsWith(prefix)).map((name) => join(folder, name)));
  for (let round = 0; round < 300; round++) {
    const pids = [...names.flatMap((name) => quiet('ip', 'netns', 'pids', name).split('\n')), ...groups.flatMap(processes)].map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid);
    pids.forEach((pid) => {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it is gone already
      }
    });
    if (pids.length === 0 && groups.every(removed)) {
      break;
    }
    pause();
  }
  quiet('findmnt', '--noheadings', '--list', '--output', 'TARGET').split('\n').map((line) => line.trim()).filter((path) => path.startsWith(`${scratch}/`)).reverse()
    .forEach((path) => quiet('umount', path));
  const devices = () => quiet('losetup', '--list', '--noheadings', '--output', 'NAME,BACK-FILE').split('\n').map((line) => line.trim().split(/\s+/))
    .filter(([, file]) => file?.startsWith(`${scratch}/`)).map(([device]) => device);
  devices().forEach((device) => quiet('losetup', '--detach', device));
  // the kernel takes its time over what was mounted.
  for (let round = 0; round < 600 && devices().length > 0; round++) {
    pause();
  }
  names.forEach((name) => quiet('ip', 'netns', 'delete', name));
  // what is still mounted would be emptied along with the rest.
  if (!quiet('findmnt', '--noheadings', '--list', '--output', 'TARGET').includes(`${scratch}/`)) {
    // who is killed in the middle of a write has that one done.
    rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);

function processes(group) {
  try {
    return [
      ...readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean),
      ...readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap((entry) => processes(join(group, entry.name))),
    ];
  } catch {
    return [];
  }
}

function removed(group) {
  try {
    readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory()).forEach((entry) => removed(join(group, entry.name)));
    rmdirSync(group);
    return true;
  } catch {
    return !existsSync(group);
  }
}
