import { Server } from './server';

/** All that a run could change: modes, sizes, times and numbers of files. What GitLab's database and this harness write is left out. */
export async function fingerprint({ machine }: Server): Promise<string[]> {
  const list = await machine.shell('find /boot /etc /opt /root /srv/gitlab /usr/local /var/lib/gitlab-server /var/lib/dpkg -xdev '
    + '-path /srv/gitlab/data/postgresql -prune -o -name execve -o -printf "%p %m %u %g %s %T@ %i\\n"');
  return list.trim().split('\n');
}

/** What is new, different or gone. */
export function changes(earlier: readonly string[], later: readonly string[]): string[] {
  const [before, after] = [earlier, later].map((lines) => new Set(lines));
  return [...later.filter((line) => !before.has(line)), ...earlier.filter((line) => !after.has(line)).map((line) => `no more: ${line}`)];
}
