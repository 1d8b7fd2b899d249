import { Server } from './server';

/** What leaves something behind on the machine. Each is replaced by a wrapper that cuts the script off before a call it has not seen yet. */
const COMMANDS = ['apt-get', 'apt-mark', 'dpkg', 'gitlab-backup', 'gitlab-ctl', 'gitlab-rails', 'gitlab-rake', 'install', 'mkfs.ext4', 'mount', 'mv', 'resize2fs', 'rm', 'setpriv', 'systemctl', 'systemd-run', 'tar', 'touch'];

/** Clients of PostgreSQL, which scripts call in GitLab's own folder. */
const CLIENTS = ['pg_dump', 'pg_restore'];
const placeOf = (name: string) => `${CLIENTS.includes(name) ? '/opt/gitlab/embedded/bin' : '/usr/local/sbin'}/${name}`;

// only calls of the script itself count: its children are cut off along with it. What setpriv runs as another user was cut off before setpriv.
// The folder of a run and the number of a certificate are random.
const wrapper = (half: string) => `#!/bin/bash
name=\${0##*/}
real=$(PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/omnibus-postgresql/bin type -P "$name")
if [ "$EUID" = 0 ] && tr '\\0' ' ' 2>/dev/null <"/proc/$PPID/cmdline" | grep -qE 'run-command-handler/download|gitlab-server/(recovery\\.sh|database\\.sh move)'; then
  call="$name $(sed -E 's/(backup|backup-choice|data-disk|database|gitlab|metadata|recovery|runners)\\.[A-Za-z0-9]{6}/RUN/g; s/0x[0-9a-f]{8,}/SERIAL/g' <<<"$*" | tr '\\n' ' ')"
  if ! grep -qsxF -- "$call" /var/lib/cutter/seen && [[ $(( $(cksum <<<"\${call//[0-9]/}" | cut -d' ' -f1) % 2 )) == ${half} ]]; then
    echo "$call" >>/var/lib/cutter/seen
    sync /var/lib/cutter/seen
    unit=$(sed -nE 's,.*/((run-command-[0-9]*|gitlab-recovery)\\.service).*,\\1,p' /proc/self/cgroup)
    /usr/bin/systemctl kill --signal=KILL "$unit"
    sleep 60
  fi
fi
exec "$real" "$@"
`;

interface Cuts {
  /** What a step that only waits for a unit of the machine says when that was cut off. */
  readonly cutOff?: RegExp;
  readonly commands?: readonly string[];
  /** Cuts before a half of the commands alone; which of them has a command, its text decides. */
  readonly half?: 0 | 1;
}

/** Runs a step again and again, each time cut off, with all of its children, before the first command that it had not come to before. @returns those commands */
export async function cutEverywhere(server: Server, step: string, { cutOff, commands = COMMANDS, half }: Cuts = {}): Promise<string[]> {
  const { machine } = server;
  const before = await seen(server);
  await machine.run('rm', '-f', ...commands.map(placeOf));
  commands.forEach((name) => machine.write(placeOf(name), wrapper(half?.toString() ?? '?'), 0o755));
  machine.write('/var/lib/cutter/.keep', '');
  for (let cuts = 0; ; cuts++) {
    const result = await server.run(step);
    if (result.output.trimEnd().endsWith('exit:0')) {
      break;
    }
    if (/exit:\d+\s*$/.test(result.output) && !cutOff?.test(result.output) || cuts > 200) {
      throw new Error(`${step} failed after ${cuts} cuts:\n${result.output}`);
    }
  }
  await machine.run('rm', ...commands.map(placeOf));
  for (const name of commands.filter((one) => CLIENTS.includes(one))) {
    await machine.run('ln', '-s', `/usr/lib/omnibus-postgresql/bin/${name}`, placeOf(name));
  }
  return (await seen(server)).slice(before.length);
}

async function seen(server: Server): Promise<string[]> {
  return (await server.machine.try('cat', '/var/lib/cutter/seen')).output.split('\n').filter((line) => line !== '' && !line.startsWith('cat: '));
}
