import { execFileSync, spawnSync } from 'child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { SCRIPT } from '../../doctor/script';
import { emptyFolder } from '../command/program';

const REPOSITORIES = '/var/opt/gitlab/git-data/repositories';
const LIBRARY = '/usr/local/lib/gitlab-server';
/** What belongs to the machine of whoever runs the tests. */
const OTHERS = ['apt-cache', 'apt-get', 'curl', 'dpkg', 'dpkg-query', 'gitlab-ctl', 'gitlab-psql', 'journalctl', 'mountpoint', 'openssl', 'python3', 'systemctl', 'timedatectl'];

/** Files, by path, of a machine on which the script runs. */
type Files = { readonly [path: string]: string };

/** What the script tells of a machine with these files, on which commands print what they are asked for. */
function told(files: Files, says: Files = {}): string[] {
  const root = emptyFolder();
  for (const [path, text] of Object.entries({ ...Object.fromEntries(OTHERS.map((name) => [`/bin/${name}`, `#!/bin/sh\n${says[name] ?? 'exit 1'}\n`])), ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    chmodSync(join(root, path), 0o755);
  }
  Object.keys(files).filter((path) => path.includes('/old')).forEach((path) => execFileSync('touch', ['-d', '25 hours ago', join(root, path)]));
  const script = SCRIPT.replace('export PATH=', `export PATH=${root}/bin:`).replace(/^([A-Z_]+)=(\/.*)$/gm, `$1=${root}$2`);
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.trimEnd().split('\n').filter((line) => /^(gate|ready|locks|migrations|certificate|node|end)\b/.test(line));
}

const asked = 'case "$*" in *127.0.0.1:8081/-/readiness*) printf 503 ;; *"https://gitlab.example.com/-/readiness?all=1"*) printf 200 ;; esac';
const redis = (answer: string) => `[ "\${2##*/} \$*" = "release.py -I \$2 ask 10.0.0.4 GET gitlab-server:release" ] && echo '${answer}'`;
const ENVIRONMENT = 'SCHEME=https\nSERVER_HOST=gitlab.example.com\nNODE_SERVER=10.0.0.4\n';

test('a node tells of the gate and of its probe, and not of what only the server\'s own machine has', () => {
  const files = { [`${LIBRARY}/node.env`]: ENVIRONMENT, [`${LIBRARY}/release.py`]: '', [`${REPOSITORIES}/old.git/HEAD.lock`]: '' };
  expect(told(files, { 'curl': asked, 'python3': redis('19.4.1-ce'), 'gitlab-psql': 'echo "0|0"' })).toEqual(['gate 19.4.1-ce', 'ready 503', 'end']);
});

test('a server with nodes tells what Redis tells these', () => {
  const files = { [`${LIBRARY}/gitlab.env`]: ENVIRONMENT, [`${LIBRARY}/release.py`]: '' };
  const of = (answer: string) => told(files, { curl: asked, python3: redis(answer) });
  expect(of('upgrading 19.5-ce')).toEqual(['ready 200', 'gate upgrading 19.5-ce', 'end']);
  expect(of('')).toEqual(['ready 200', 'gate none', 'end']);
});

test('a server without nodes knows of no gate', () => {
  expect(told({ [`${LIBRARY}/gitlab.env`]: ENVIRONMENT }, { curl: asked })).toEqual(['ready 200', 'end']);
});

test('locks of git that are older than a day are counted, and those of objects are nobody\'s concern', () => {
  const project = `${REPOSITORIES}/@hashed/4e/07/4e0740.git`;
  const fresh = { [`${project}/refs/heads/main.lock`]: '', [`${project}/objects/old.lock`]: '', [`${project}/refs/heads/old`]: '' };
  expect(told(fresh)).toEqual(['end']);
  expect(told({ ...fresh, [`${project}/refs/heads/old.lock`]: '', [`${project}/old/packed-refs.lock`]: '' })).toEqual([expect.stringMatching(/^locks 2 @hashed\/4e\/07\/4e0740\.git\/(refs\/heads\/old|old\/packed-refs)\.lock$/), 'end']);
});
