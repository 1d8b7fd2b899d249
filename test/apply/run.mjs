// The apply tier: real Terraform and providers on the packed package, a stand-in of Azure. See ../define-tier.mjs.
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binaries } from './build/binaries.mjs';
import { FAULTS } from './mutants.mjs';
import { cacheOf, defineTier } from '../define-tier.mjs';
import { bundle, lacking, ROOT } from '../tier.mjs';

const HERE = import.meta.dirname;

await defineTier({
  program: fileURLToPath(import.meta.url),
  name: 'apply',
  nothing: 'nothing was applied',
  missing: () => lacking({ go: 'version', openssl: 'version' }),
  longest: ['changes', 'interruptions', 'platform', 'examples', 'access'],
  lanes: 4,
  faults: FAULTS,
  prepare: () => binaries(cacheOf('apply'), console.log),
  furnish: (app, { environment }) => ({ ...furnish(app, environment), TMPDIR: folder(app, 'tmp') }),
});

function folder(app, name) {
  mkdirSync(join(app, name));
  return join(app, name);
}

/** The examples, the pages, the programs of somebody's machine and his home. */
function furnish(app, environment) {
  const examples = readdirSync(join(ROOT, 'examples/typescript')).filter((name) => existsSync(join(ROOT, 'examples/typescript', name, 'main.ts')));
  examples.forEach((name) => bundle(join(ROOT, 'examples/typescript', name, 'main.ts'), join(app, 'examples', name, 'main.cjs')));
  cpSync(join(ROOT, 'docs'), join(app, 'docs'), { recursive: true });
  const home = join(app, 'home');
  mkdirSync(join(home, '.ssh'), { recursive: true });
  writeFileSync(join(home, '.ssh/id_rsa.pub'), rsaKey());
  const programs = folder(app, 'bin');
  symlinkSync(join(HERE, 'build/programs/az'), join(programs, 'az'));
  symlinkSync(environment.APPLY_KUBELOGIN, join(programs, 'kubelogin'));
  return { APPLY_APP: app, APPLY_PROGRAMS: programs, APPLY_HOME: home, APPLY_EXAMPLES: examples.join(',') };
}

/** A public key as ssh-keygen writes it; the private one is thrown away. */
function rsaKey() {
  const { n, e } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  const field = (bytes) => Buffer.concat([Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
  const number = (text) => field(Buffer.concat([Buffer.alloc(1), Buffer.from(text, 'base64url')]));
  const blob = Buffer.concat([field(Buffer.from('ssh-rsa')), field(Buffer.from(e, 'base64url')), number(n)]);
  return `ssh-rsa ${blob.toString('base64')} tester\n`;
}
