import { ChildProcess, execFileSync, spawn } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { parse } from 'smol-toml';
import { scriptPath } from '../../../src/assets';
import { findTool, testWith } from '../../tools';

const SCRIPTS = ['render-config.sh', 'start-runner.sh'];
const SYSTEM_ID = 's_0123456789ab';
/** The shells that run the scripts: dash here, busybox in GitLab's image. */
const SHELLS = [['sh'], ['busybox', 'sh']].filter(([program]) => program === 'sh' || findTool(program));

const shellcheck = findTool('shellcheck');
testWith(shellcheck, 'shellcheck')('shellcheck finds nothing', () => {
  execFileSync(shellcheck!, ['--shell=sh', ...SCRIPTS.map((name) => scriptPath('runner', name))]);
});

describe.each(SHELLS)('render-config.sh under %s', (...shell: string[]) => {
  let folder: string;
  let running: ChildProcess[];

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'render-'));
    ['secrets', 'output', 'bin'].forEach((name) => fs.mkdirSync(path.join(folder, name)));
    running = [];
  });
  afterEach(() => {
    running.forEach((child) => child.kill('SIGKILL'));
    fs.rmSync(folder, { recursive: true });
  });

  const at = (...names: string[]) => path.join(folder, ...names);
  const read = (name: string) => fs.readFileSync(at('output', name), 'utf8');

  /** Starts the sidecar's script; `log` grows as it writes. */
  function start(more: { [name: string]: string } = {}): { child: ChildProcess; log: () => string; ended: Promise<number | null> } {
    let log = '';
    const child = spawn(shell[0], [...shell.slice(1), scriptPath('runner', 'render-config.sh')], {
      env: {
        PATH: `${at('bin')}:${process.env.PATH}`,
        TEMPLATE: at('template.toml'),
        OUTPUT: at('output'),
        SYSTEM_ID,
        INTERVAL_SECONDS: '0.05',
        CALLS: at('calls'),
        ...more,
      },
    });
    running.push(child);
    child.stderr!.on('data', (data) => { log += data; });
    child.stdout!.on('data', (data) => { log += data; });
    return { child, log: () => log, ended: new Promise((resolve) => child.on('close', resolve)) };
  }

  async function until(condition: () => boolean): Promise<void> {
    let met = condition();
    for (let tries = 0; tries < 12_000 && !met; tries++) {
      await pause(10);
      met = condition();
    }
    expect(met).toBe(true);
  }

  const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const template = (...lines: string[]) => fs.writeFileSync(at('template.toml'), `${lines.join('\n')}\n`);
  const rendered = () => fs.existsSync(at('output', 'config.toml'));

  test('puts the token in and leaves all else as it is', async () => {
    const other = 'environment = [ "A=back\\\\slash $HOME `id` %s * \\"q\\"", "  B=@text:x@" ]';
    template('concurrent = 1', other, '', '[[runners]]', `token = "@text:${at('secrets', 'token')}@"`, 'executor = "kubernetes"');
    fs.writeFileSync(at('secrets', 'token'), 'glrt-t1_a.b-c\n');
    const { log } = start();
    await until(rendered);
    expect(read('config.toml')).toBe(['concurrent = 1', other, '', '[[runners]]', 'token = "glrt-t1_a.b-c"', 'executor = "kubernetes"', ''].join('\n'));
    expect(read('.runner_system_id')).toBe(SYSTEM_ID);
    expect(fs.statSync(at('output', 'config.toml')).mode.toString(8)).toMatch(/600$/);
    expect(log()).not.toContain('glrt-');
  });

  test('puts keys and the path of a key file in, whatever they are made of', async () => {
    template(`sentry_dsn = "@value:${at('secrets', 'dsn')}@"`, '[runners.cache.s3]', `AccessKey = "@value:${at('secrets', 'id')}@"`, `SecretKey = "@value:${at('secrets', 'key')}@"`, '[runners.cache.gcs]',
      `CredentialsFile = "@copy:${at('secrets', 'gcs')}@"`, `ServerAddress = "@value:${at('secrets', 'key')}@"`);
    const key = 'a/b+c=\\ "q" $HOME `id` %s & \'x\' *';
    Object.entries({ dsn: 'https://key@sentry.example.com/7\n', id: 'AKIA\n', key, gcs: '{"type":\n"service_account"}\n' }).forEach(([name, text]) => fs.writeFileSync(at('secrets', name), text));
    const { log } = start();
    await until(rendered);
    const { sentry_dsn: dsn, runners: { cache: { s3, gcs } } }: any = parse(read('config.toml'));
    expect(dsn).toBe('https://key@sentry.example.com/7');
    expect(s3).toEqual({ AccessKey: 'AKIA', SecretKey: key });
    expect(fs.readFileSync(gcs.CredentialsFile, 'utf8')).toBe('{"type":\n"service_account"}\n');
    expect(path.dirname(gcs.CredentialsFile)).toBe(at('output'));
    // nothing else is a mark.
    expect(gcs.ServerAddress).toBe(`@value:${at('secrets', 'key')}@`);
    expect(log()).not.toContain('AKIA');

    fs.writeFileSync(at('secrets', 'id'), 'two\nlines');
    await until(() => log().includes('does not hold one line'));
    fs.writeFileSync(at('secrets', 'id'), '');
    fs.writeFileSync(at('secrets', 'key'), 'new');
    await pause(200);
    expect(read('config.toml')).toContain('AccessKey = "AKIA"');
    fs.writeFileSync(at('secrets', 'id'), 'NEW');
    await until(() => read('config.toml').includes('AccessKey = "NEW"\nSecretKey = "new"'));
  });

  test('each of several managers has an id of its own, the same whenever its pod starts again', async () => {
    template('concurrent = 1');
    const ids: string[] = [];
    for (const POD_NAME of ['gitlab-runner-a', 'gitlab-runner-b', 'gitlab-runner-a']) {
      fs.rmSync(at('output'), { recursive: true });
      fs.mkdirSync(at('output'));
      const { child, ended } = start({ POD_NAME });
      await until(rendered);
      ids.push(read('.runner_system_id'));
      child.kill('SIGKILL');
      await ended;
    }
    ids.forEach((id) => expect(id).toMatch(/^s_[0-9a-f]{12}$/));
    expect(new Set([SYSTEM_ID, ...ids]).size).toBe(3);
    expect(ids[2]).toBe(ids[0]);
  });

  test('takes a rotated token up, and touches nothing while nothing changes', async () => {
    template('[[runners]]', `token = "@text:${at('secrets', 'token')}@"`);
    fs.writeFileSync(at('secrets', 'token'), 'glrt-old');
    const { log } = start();
    await until(rendered);
    const first = fs.statSync(at('output', 'config.toml'));
    await pause(200);
    expect(fs.statSync(at('output', 'config.toml'))).toEqual(expect.objectContaining({ ino: first.ino, mtimeMs: first.mtimeMs }));

    fs.writeFileSync(at('secrets', 'token.new'), 'glrt-new');
    fs.renameSync(at('secrets', 'token.new'), at('secrets', 'token'));
    await until(() => read('config.toml').includes('glrt-new'));
    expect(read('config.toml')).toBe('[[runners]]\ntoken = "glrt-new"\n');
    expect(read('.runner_system_id')).toBe(SYSTEM_ID);
    // the script logs after it has written.
    await until(() => (log().match(/wrote/g) ?? []).length === 2);
  });

  test('keeps the last config.toml when a secret goes missing or holds something else', async () => {
    template('[[runners]]', `token = "@text:${at('secrets', 'token')}@"`);
    fs.writeFileSync(at('secrets', 'token'), 'glrt-good');
    const { log } = start();
    await until(rendered);
    fs.writeFileSync(at('secrets', 'token'), 'x"\n[evil]\n');
    await until(() => log().includes('does not hold a runner token'));
    fs.rmSync(at('secrets', 'token'));
    await until(() => log().includes('cannot be read'));
    expect(read('config.toml')).toBe('[[runners]]\ntoken = "glrt-good"\n');
    // it is there while the script tries again, which it does all the time.
    await until(() => !fs.existsSync(at('output', 'config.toml.new')));
  });

  test('fails at the start without a token, so that the pod does not become ready', async () => {
    template('[[runners]]', `token = "@text:${at('secrets', 'token')}@"`);
    const { ended, log } = start();
    expect(await ended).toBe(1);
    expect(log()).toContain(`${at('secrets', 'token')} cannot be read`);
    expect(rendered()).toBe(false);
  });

  test('copies the certificate of GitLab\'s authority, again when it changes', async () => {
    template('[[runners]]', `tls-ca-file = "@copy:${at('secrets', 'ca.pem')}@"`);
    fs.writeFileSync(at('secrets', 'ca.pem'), 'one\ntwo\n');
    start();
    await until(rendered);
    const copy = /tls-ca-file = "(.*)"/.exec(read('config.toml'))![1];
    expect(path.dirname(copy)).toBe(at('output'));
    expect(fs.readFileSync(copy, 'utf8')).toBe('one\ntwo\n');
    fs.writeFileSync(at('secrets', 'ca.pem'), 'three\n');
    await until(() => fs.readFileSync(copy, 'utf8') === 'three\n');
  });

  test.each(['SIGTERM', 'SIGQUIT'] as const)('ends at once when %s tells it to', async (signal) => {
    template('concurrent = 1');
    const { child, ended } = start();
    await until(rendered);
    child.kill(signal);
    expect(await ended).toBe(0);
  });

  test('registers once a pod with a registration token, and unregisters in the end', async () => {
    fs.writeFileSync(at('bin', 'gitlab-runner'), [
      '#!/bin/sh',
      'echo "$REGISTRATION_TOKEN $*" >> "$CALLS"',
      'if [ "$1" = register ]; then printf \'[[runners]]\\n  token = "runner-token_1"\\n\' > "$4"; fi',
      '',
    ].join('\n'), { mode: 0o755 });
    fs.writeFileSync(at('register-0'), `${at('secrets', 'token')}\n--url=https://gitlab.example.com\n--name=two words\n`);
    fs.writeFileSync(at('secrets', 'token'), 'GR1348941abc\n');
    template('[[runners]]', `token = "@register:${at('register-0')}@"`);
    const { child, ended } = start();
    await until(rendered);
    expect(read('config.toml')).toBe('[[runners]]\ntoken = "runner-token_1"\n');
    await pause(200);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const config = at('output', 'registered', 'register-0', 'config.toml');
    expect(fs.readFileSync(at('calls'), 'utf8').trim().split('\n')).toEqual([
      `GR1348941abc register --non-interactive --config ${config} --url=https://gitlab.example.com --name=two words`,
      ` unregister --config ${config} --all-runners`,
    ]);
  });
});
