import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lane } from './lane';
import { RunOptions, Server } from './server';

/** A run whose commands are written down with all of their arguments, for `leaks` to look through. */
export const TRACED: RunOptions = {
  under: ['strace', '--follow-forks', '--seccomp-bpf', '--quiet=all', '--trace=execve', '--string-limit=100000', '--output-append-mode', '--output=/root/execve'],
};

/** All that nobody may read, as texts to search for: what is in the vaults, the tokens to them, and the keys on the machine. */
export async function secretTexts(server: Server): Promise<string[]> {
  const { machine } = server;
  const files = JSON.parse(await machine.run('cat', '/etc/gitlab/gitlab-secrets.json'));
  // a private key's first line: the last ones hold its public half, which the certificate shows to all.
  const keys = await machine.shell('grep -h -A 1 BEGIN /etc/gitlab/ssl/*.key | grep -v -e --');
  return [...server.azure.secrets, ...Object.values<string>(files.gitlab_rails), ...keys.split('\n')]
    // a part is enough
    .flatMap((text) => text.split('\n')).filter((text) => text.length >= 20 && !text.startsWith('-----')).map((text) => text.slice(0, 60));
}

/** Where on the machine one of the texts can be found. */
export async function leaks(server: Server, texts: readonly string[]): Promise<string[]> {
  const { machine } = server;
  // where nothing was written down nothing is found.
  await machine.run('test', '-s', '/root/execve');
  machine.write('/root/secrets', `${texts.join('\n')}\n`, 0o600);
  const found: string[] = [];
  const search = async (what: string, command: string) => {
    const { output } = await machine.try('bash', '-c', command);
    found.push(...output.split('\n').filter((line) => line !== '' && !line.includes(': No such file')).map((line) => `${what}: ${line}`));
  };
  // an unprivileged user looks itself, so modes of files and folders count as they do in life.
  await search('readable by all', 'setpriv --reuid=65534 --regid=65534 --clear-groups grep -rlsF --devices=skip -f - '
    + '/boot /etc /home /opt /root /run /srv /tmp /usr/local /var </root/secrets');
  await search('logs', 'grep -rlF -f /root/secrets /var/log /var/lib/waagent');
  await search('journal', 'journalctl --no-pager --output=verbose | grep -F -f /root/secrets');
  await search('arguments', 'grep -F -f /root/secrets /root/execve');
  await machine.run('rm', '/root/secrets');
  const console = readFileSync(join(lane.folder, 'console'), 'utf8');
  return [...found, ...texts.filter((text) => console.includes(text)).map(() => 'console')];
}
