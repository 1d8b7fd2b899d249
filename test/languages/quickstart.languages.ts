import { deepEqual, equal } from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { CDKTN_NAME, cdktnArchive } from './harness/cdktn';
import { kept, nodeFolder, versionIn, withNode } from './harness/npm';
import { QuickStart, quickStart, withArchive } from './harness/readme';
import { assertSame, synthesised, terraformJson, typescript } from './harness/synthesis';
import { tool } from './harness/tool';
import { APP, ARCHIVE, emptyFolder, NAME, ROOT } from './harness/workplace';

/** The package for each framework, with the framework's own command line. */
const FLAVOURS = {
  cdktf: { name: NAME, commandLine: 'cdktf-cli@0.21.0' },
  cdktn: { name: CDKTN_NAME, commandLine: 'cdktn-cli@0.24.0' },
};
/** cdktn-cli asks for 22.19. */
const NODE = '22.23.5';

for (const [framework, { name, commandLine }] of Object.entries(FLAVOURS)) {
  describe(`quick start with ${framework}`, () => {
    let archive: string;
    let printed: QuickStart;
    before(() => {
      archive = framework === 'cdktf' ? ARCHIVE : cdktnArchive(join(APP, 'node_modules', NAME));
      const unpacked = emptyFolder();
      tool('tar', ['-xzf', archive, '-C', unpacked, 'package/README.md']);
      printed = quickStart(join(unpacked, 'package/README.md'));
    });
    const install = (folder: string) => tool('sh', ['-c', withArchive(printed.install, name, archive)], { cwd: folder });

    for (const [kind, manifest] of Object.entries({ 'a CommonJS project': undefined, 'an ES module project': '{ "type": "module" }\n' })) {
      test(`quick start: README to the letter, with ${framework} and today's newest packages, in ${kind}`, () => {
        const folder = emptyFolder();
        if (manifest) {
          writeFileSync(join(folder, 'package.json'), manifest);
        }
        writeFileSync(join(folder, 'main.ts'), printed.program);
        install(folder);
        tool('sh', ['-c', printed.run], { cwd: folder });
        assertSame(synthesised(join(folder, 'cdktf.out'), folder), typescript());
      });
    }

    test(`quick start: in a project of ${framework} init`, () => {
      const project = emptyFolder();
      const modules = join(kept(`${framework}-cli`, [commandLine]), 'node_modules');
      const env = { ...withNode(nodeFolder(NODE)), CHECKPOINT_DISABLE: '1', CI: '1' };
      const command = (...args: string[]) => tool(join(modules, '.bin', framework), args, { cwd: project, env });
      command('init', '--template=typescript', '--local', '--project-name=quick', '--project-description=quick', '--from-terraform-project=no',
        '--enable-crash-reporting=false');
      if (versionIn(project, 'typescript').startsWith('7.')) {
        tool('sh', ['-c', printed.olderTypeScript], { cwd: project, env });
      }
      install(project);
      writeFileSync(join(project, 'main.ts'), printed.program);
      command('synth');
      const [made, expected] = [synthesised(join(project, 'cdktf.out'), project), typescript()].map((files) => terraformJson(files, 'gitlab').resource);
      deepEqual(addresses(made), addresses(expected));
    });
  });
}

test('quick start: every page installs and synthesises as README does', () => {
  const { install, run } = quickStart();
  const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((page) => page.endsWith('.md')).map((page) => join('docs', page))];
  const lines = pages.flatMap((page) => readFileSync(join(ROOT, page), 'utf8').split('\n').map((line) => ({ page, line })));
  const told = (pattern: RegExp) => [...new Set(lines.flatMap(({ line }) => line.match(pattern) ?? []))].sort();
  const cdktn = install.replaceAll('cdktf', 'cdktn').replace('constructs', 'constructs@~10.7.0');
  deepEqual(told(/npm install cdkt\w-azure-gitlab[^`]*/g), [install, cdktn].sort());
  deepEqual(told(/npx \S+ \S+\.m?ts\b/g), [run]);
  equal(lines.filter(({ line }) => /`[^`]*ts-node[^`]*\.ts/.test(line)).length, 0);
});

/** Where each resource is, and no more: a command line's template sets flags of its own, which change the names of assets. */
function addresses(resources: any): string[] {
  return Object.entries<any>(resources).flatMap(([type, items]) => Object.keys(items).map((item) => `${type}.${item}`)).sort();
}
