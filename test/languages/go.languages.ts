import { equal } from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { goModules } from './harness/bindings';
import { assertMistake } from './harness/mistake';
import { assertSecrets } from './harness/secrets';
import { assertSame, synthesise, typescript } from './harness/synthesis';
import { tool } from './harness/tool';
import { emptyFolder, EXAMPLES, PROGRAMS } from './harness/workplace';

describe('go', () => {
  let project: string;
  const go = (...args: string[]) => tool('go', args, { cwd: project, env: { GOFLAGS: '', GOWORK: 'off' } });
  before(() => {
    const modules = goModules();
    project = emptyFolder();
    cpSync(join(EXAMPLES, 'go/complete'), project, { recursive: true });
    ['mistake', 'secrets'].forEach((name) => cpSync(join(PROGRAMS, 'go', name), join(project, name), { recursive: true }));
    Object.entries(modules).forEach(([name, folder]) => go('mod', 'edit', `-replace=${name}=${folder}`));
    go('mod', 'tidy');
    go('vet', './...');
    go('build', '-o', 'bin/', './...');
  });

  test('go: the complete example gives what TypeScript gives', () => {
    assertSame(synthesise('cdktf.out', join(project, 'bin/gitlab-platform')), typescript());
  });

  test('go: a mistake arrives whole', () => {
    assertMistake(tool(join(project, 'bin/mistake'), []));
  });

  test('go: a reference to a secret arrives, however deep it is', () => {
    assertSecrets(synthesise('cdktf.out', join(project, 'bin/secrets')));
  });

  test('go: the example is formatted as gofmt does it', () => {
    equal(tool('gofmt', ['-l', join(EXAMPLES, 'go'), join(PROGRAMS, 'go')]), '');
  });
});
