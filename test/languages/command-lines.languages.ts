import { deepEqual, doesNotMatch, equal } from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { CDKTN_NAME, moved } from './harness/cdktn';
import { kept, nodeFolder, withNode } from './harness/npm';
import { SSH, told } from './harness/told';
import { tool } from './harness/tool';
import { APP, emptyFolder, NAME, PROGRAMS, ROOT } from './harness/workplace';

const COMMAND_LINES = { cdktf: 'cdktf-cli@0.21.0', cdktn: 'cdktn-cli@0.24.0' };
/** cdktn-cli asks for 22.19. */
const NODE = '22.23.5';
const UNUSED = 'acknowledge("sign-up-open"): nothing gives this warning any more; remove the acknowledgement';

/** A folder with the program, and with what it needs from npm. */
function project(framework: string): string {
  const folder = emptyFolder();
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  const program = readFileSync(join(PROGRAMS, 'typescript/relaxed.cjs'), 'utf8');
  if (framework === 'cdktf') {
    ['cdktf', 'cdk8s', 'constructs', NAME].forEach((name) => symlinkSync(join(APP, 'node_modules', name), join(modules, name)));
    writeFileSync(join(folder, 'main.cjs'), program);
  } else {
    const peers = join(kept('cdktn-program', ['cdktn@0.24.0', 'cdk8s@2.70.0']), 'node_modules');
    ['cdktn', 'cdk8s', 'constructs'].forEach((name) => symlinkSync(join(peers, name), join(modules, name)));
    tool('node', [join(ROOT, 'build/cdktn.mjs'), join(APP, 'node_modules', NAME), join(modules, CDKTN_NAME)]);
    writeFileSync(join(folder, 'main.cjs'), moved(program));
  }
  writeFileSync(join(folder, 'cdktf.json'), JSON.stringify({ language: 'typescript', app: 'node main.cjs', projectId: 'trial', sendCrashReports: 'false' }));
  return folder;
}

const times = (text: string, part: string): number => text.split(part).length - 1;

for (const [framework, commandLine] of Object.entries(COMMAND_LINES)) {
  describe(`the command line of ${framework}`, () => {
    test(`command lines: ${commandLine} shows each warning once, and the program beneath it prints none`, () => {
      const env = { ...withNode(nodeFolder(NODE)), CHECKPOINT_DISABLE: '1', CI: '1' };
      const modules = join(kept(`${framework}-cli`, [commandLine]), 'node_modules');
      const { status, stdout, stderr } = told(join(modules, '.bin', framework), ['synth'], project(framework), env);
      equal(status, 0, stdout + stderr);
      deepEqual([SSH, UNUSED, 'plain HTTP'].map((text) => times(stdout + stderr, text)), [1, 1, 0]);
      doesNotMatch(stdout + stderr, /^warning:|Warnings\.of/m);
    });

    test(`command lines: without ${commandLine} the same program of ${framework} prints them itself`, () => {
      const { status, stdout, stderr } = told('node', ['main.cjs'], project(framework));
      deepEqual({ status, stdout, counts: [SSH, UNUSED, 'plain HTTP'].map((text) => times(stderr, text)) }, { status: 0, stdout: '', counts: [1, 1, 0] });
    });
  });
}
