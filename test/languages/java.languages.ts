import { ok } from 'node:assert/strict';
import { cpSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { mavenArtefact, MAVEN_REPOSITORY } from './harness/bindings';
import { assertMistake } from './harness/mistake';
import { assertSecrets } from './harness/secrets';
import { assertSame, synthesised, typescript } from './harness/synthesis';
import { tool } from './harness/tool';
import { emptyFolder, EXAMPLES, PROGRAMS } from './harness/workplace';

describe('java', () => {
  let repository: string;
  let project: string;
  const maven = (...goals: string[]) => tool('mvn', ['--batch-mode', '--quiet', '--settings', join(project, 'settings.xml'), ...goals], { cwd: project });
  before(() => {
    repository = mavenArtefact();
    project = emptyFolder();
    cpSync(join(EXAMPLES, 'java/complete'), project, { recursive: true });
    ['Mistake.java', 'Secrets.java'].forEach((file) => cpSync(join(PROGRAMS, 'java', file), join(project, 'src/main/java/com/example', file)));
    writeFileSync(join(project, 'settings.xml'), settings(repository));
    // a version 0.0.0 of another run would be taken for today's.
    ['io/github/cdktf-azure-gitlab', 'com/hashicorp/cdktf'].forEach((folder) => rmSync(join(MAVEN_REPOSITORY, folder), { recursive: true, force: true }));
    maven('compile');
  });

  test('java: the complete example gives what TypeScript gives', () => {
    maven('exec:java');
    assertSame(synthesised(join(project, 'cdktf.out'), project), typescript());
  });

  test('java: a mistake arrives whole', () => {
    assertMistake(maven('exec:java', '-Dexec.mainClass=com.example.Mistake'));
  });

  test('java: a reference to a secret arrives, however deep it is', () => {
    rmSync(join(project, 'cdktf.out'), { recursive: true, force: true });
    maven('exec:java', '-Dexec.mainClass=com.example.Secrets');
    assertSecrets(synthesised(join(project, 'cdktf.out'), project));
  });

  // a third of it is the layout library of the command that draws programs
  test('java: the jar is below 1.9 MB', () => {
    const { size } = statSync(join(repository, 'io/github/cdktf-azure-gitlab/cdktf-azure-gitlab/0.0.0/cdktf-azure-gitlab-0.0.0.jar'));
    ok(size < 1.9 * 1024 * 1024, `the jar has ${size} bytes`);
  });
});

/** Has Maven look into a folder before it asks anybody else. */
function settings(repository: string): string {
  return `<settings>
  <localRepository>${MAVEN_REPOSITORY}</localRepository>
  <profiles>
    <profile>
      <id>made</id>
      <repositories><repository><id>made</id><url>file://${repository}</url></repository></repositories>
    </profile>
  </profiles>
  <activeProfiles><activeProfile>made</activeProfile></activeProfiles>
</settings>
`;
}
