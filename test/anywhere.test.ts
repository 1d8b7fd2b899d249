// What must not depend on where the clone and the folder for temporary files lie. `.ci/anywhere` tries the rest, in a clone in such a place.
import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { findTool, testWith } from './tools';

const ROOT = join(__dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'anywhere-'));
const far = join(work, 'a folder whose name is longer than what a socket has room for, with spaces, an apostrophe\'s and äöü');
mkdirSync(far);
afterAll(() => rmSync(work, { recursive: true }));

/** What a module program prints that runs where temporary files are far away. */
function printed(program: string): string {
  const { stdout, stderr, status } = spawnSync('node', ['--input-type=module', '--eval', program], { cwd: ROOT, encoding: 'utf8', env: { ...process.env, TMPDIR: far } });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

test('the folder of a tier has room for the longest path of a socket', () => {
  expect(printed(`
    import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
    import { createServer } from 'node:net';
    import { dirname, join } from 'node:path';
    import { folderPrefix } from './test/sweep.mjs';
    const folder = mkdtempSync(folderPrefix('cluster'));
    const socket = join(folder, 'tmp/node-XXXXXX/kubelet/plugins_registry/secrets-store.csi.k8s.io-reg.sock');
    mkdirSync(dirname(socket), { recursive: true });
    const server = createServer().listen(socket, () => {
      // node cuts a path that is too long
      console.log(existsSync(socket));
      server.close(() => rmSync(folder, { recursive: true }));
    });`)).toBe('true\n');
});

testWith(findTool('gpg'), 'gpg')('a key can be made to sign with', () => {
  expect(printed(`
    import { withSigningKey } from './test/firstboot/build/signing-key.mjs';
    process.stdout.write(withSigningKey('tester', (gpg) => gpg('--armor', '--export')));`)).toMatch(/^-----BEGIN PGP PUBLIC KEY BLOCK-----\n/);
});

test('a program of the build does its work by whatever link it is called', () => {
  const [link, unpacked, target] = ['link', 'unpacked', 'target'].map((name) => join(work, name));
  symlinkSync(ROOT, link);
  mkdirSync(unpacked);
  writeFileSync(join(unpacked, 'README.md'), 'cdktf');
  expect(spawnSync('node', [join(link, 'build/cdktn.mjs'), unpacked, target], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  expect(existsSync(join(target, 'README.md'))).toBe(true);
});
