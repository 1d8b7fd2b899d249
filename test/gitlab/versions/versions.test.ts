import { spawnSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { GitLabVersion, SelfHostedGitLabProps, WeekDay } from '../../../src';
import * as newest from '../../../src/gitlab/newest-version';
import { warnings } from '../../synth';
import { parameters as parametersOf, server } from '../server';

const ROOT = join(__dirname, '..', '..', '..');

describe('a version', () => {
  test('is a minor one or an exact one, and says so', () => {
    expect([GitLabVersion.minor('19.4').version, GitLabVersion.of('19.4.10').version, GitLabVersion.V18_11.version]).toEqual(['19.4', '19.4.10', '18.11']);
    const minors = [[18, 11], [19, 3], [19, 4], [19, 11], [20, 0]];
    const atLeast = (version: GitLabVersion) => minors.map(([major, minor]) => version._isAtLeast(major, minor));
    expect(atLeast(GitLabVersion.minor('19.4'))).toEqual([true, true, true, false, false]);
    expect(atLeast(GitLabVersion.of('19.4.0'))).toEqual([true, true, true, false, false]);
  });

  test.each([
    [() => GitLabVersion.of('19.4'), 'version: not a valid value, got "19.4"; give major, minor and patch, such as "19.4.1"; GitLabVersion.minor() takes the newest patch (at GitLabVersion.of)'],
    [() => GitLabVersion.minor('19.4.1'), 'version: not a valid value, got "19.4.1"; give major and minor, such as "19.4"; GitLabVersion.of() takes a patch too (at GitLabVersion.minor)'],
    [() => GitLabVersion.minor('19'), 'version: not a valid value, got "19"; give major and minor, such as "19.4"; GitLabVersion.of() takes a patch too (at GitLabVersion.minor)'],
    [() => GitLabVersion.minor(19.4 as any), 'version: not text, got 19.4; give major and minor, such as "19.4"; GitLabVersion.of() takes a patch too (at GitLabVersion.minor)'],
  ])('that is neither is refused (%#)', (make, message) => expect(make).toThrow(new Error(message)));
});

function versioned(props: Partial<SelfHostedGitLabProps>) {
  const made = server(props);
  return { ...made, parameters: parametersOf(made.json, 'Gitlab') };
}

describe('the server', () => {
  test('is told the minor version and when it may look for a patch, and nothing knows one', () => {
    const { json, parameters } = versioned({});
    expect(parameters).toMatchObject({ VERSION: '19.4', UPDATE_DAY: 'Saturday', UPDATE_TIME: '22:00', UPDATE_WINDOW_MINUTES: '180' });
    expect(JSON.stringify(json)).not.toMatch(/\b19\.4\.\d/);
    const window = { dayOfWeek: WeekDay.SUNDAY, startTime: '03:30', durationMinutes: 90 };
    expect(versioned({ version: GitLabVersion.minor('19.3'), maintenanceWindow: window }).parameters)
      .toMatchObject({ VERSION: '19.3', UPDATE_DAY: 'Sunday', UPDATE_TIME: '03:30', UPDATE_WINDOW_MINUTES: '90' });
  });

  test('never looks for one where the version is exact, or somebody does not want it', () => {
    const exact = versioned({ version: GitLabVersion.of('19.4.1') });
    expect(exact.parameters.VERSION).toBe('19.4.1');
    [exact, versioned({ patchReleasesEnabled: false }), versioned({ version: GitLabVersion.of('19.4.1'), patchReleasesEnabled: false })]
      .forEach(({ parameters }) => expect(Object.keys(parameters).filter((name) => name.startsWith('UPDATE_'))).toEqual([]));
  });

  test('cannot be asked for patches of an exact version', () => {
    expect(() => versioned({ version: GitLabVersion.of('19.4.1'), patchReleasesEnabled: true })).toThrow(new Error(
      'patchReleasesEnabled: an exact version (19.4.1) stays as it is, got true; leave it out, or set version to GitLabVersion.minor("19.4") (at Test/GitLab)',
    ));
  });

  test('is asked by a command which version it runs', () => {
    const { json } = versioned({ virtualMachineName: 'git' });
    const [command] = Object.entries<any>(json.output).filter(([name]) => name.startsWith('GitLab_VersionCommand_')).map(([, { value }]) => value);
    expect(command).toMatch(/^az vm run-command invoke --resource-group \S+ --name git --command-id RunShellScript --scripts "cat \/srv\/gitlab\/state\/version; .*" --query value\[0\]\.message --output tsv$/);
  });

  test('has another size told to the step that configures it, and to the disk\'s only where swap comes or goes', () => {
    const changed = (before: Partial<SelfHostedGitLabProps>, after: Partial<SelfHostedGitLabProps>) => {
      const [one, other] = [before, after].map((props) => versioned(props).json.locals);
      return Object.keys(one).filter((key) => JSON.stringify(one[key]) !== JSON.stringify(other[key])).map((key) => /SetUp_(\w+?)Parameters/.exec(key)?.[1]);
    };
    expect(changed({}, { vmSize: 'Standard_D8s_v5' })).toEqual(['Gitlab']);
    expect(changed({ vmSize: 'Standard_D2s_v5' }, {})).toEqual(['DataDisk', 'Gitlab']);
  });
});

describe('the age of a version', () => {
  const texts = (props: Partial<SelfHostedGitLabProps>) => warnings(versioned(props).stack).map((text) => text.replace(/^Test\/GitLab: /, ''));
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  /** Synthesises so many days after a release. */
  function daysAfterRelease(days: number) {
    jest.replaceProperty(newest as { RELEASED_ON: string }, 'RELEASED_ON', '2026-11-29');
    jest.useFakeTimers({ now: Date.parse('2026-11-29') + days * 86_400_000, doNotFake: ['nextTick', 'setImmediate'] });
  }

  const OUTDATED = expect.stringMatching(/^version: this library was released on 2026-11-29, and GitLab publishes security fixes for a version for some 100 days; update this library, or name a later version, such as GitLabVersion\.minor\("20\.1"\)$/);

  test('is no matter in a checkout and for a hundred days after a release', () => {
    expect(newest.RELEASED_ON).toBe('unreleased');
    expect(texts({})).toEqual([]);
    daysAfterRelease(100);
    expect(texts({})).toEqual([]);
  });

  test('is told later, of the default and of what is as old, but not of a later version', () => {
    daysAfterRelease(101);
    expect(texts({})).toEqual([OUTDATED]);
    expect(texts({ version: GitLabVersion.of('19.3.2') })).toEqual([OUTDATED]);
    expect(texts({ version: GitLabVersion.minor('19.7') })).toEqual([]);
    expect(texts({ version: GitLabVersion.of('20.1.3') })).toEqual([]);
  });

  test('is told at once of what GitLab did not mend any more at the release', () => {
    const unsupported = (version: string) => `version: GitLab publishes security fixes for 19.2 and later, not for ${version}; `
      + 'upgrade to GitLabVersion.minor("19.4"), through the required stops if there are any';
    expect(texts({ version: GitLabVersion.of('19.1.6') })).toEqual([unsupported('19.1')]);
    expect(texts({ version: GitLabVersion.minor('18.11') })).toEqual([unsupported('18.11')]);
    expect(texts({ version: GitLabVersion.of('19.2.0') })).toEqual([]);
    jest.replaceProperty(newest as { NEWEST_VERSION: GitLabVersion }, 'NEWEST_VERSION', GitLabVersion.minor('20.1'));
    expect(texts({ version: GitLabVersion.of('19.11.2') })).toEqual([]);
    expect(texts({ version: GitLabVersion.of('19.10.2') }).join()).toMatch(/fixes for 19\.11 and later, not for 19\.10;/);
  });
});

describe('the day of the release', () => {
  const bundle = readFileSync(join(ROOT, 'lib', 'bundle.js'), 'utf8');

  test('has one place in the bundle, which the release writes to', () => {
    const stamp = (text: string, day: string) => spawnSync('node', ['--input-type=module', '-e',
      `import { stampDay } from '${join(ROOT, 'build', 'release-day.mjs')}'; import { spawnSync } from 'child_process';
import { readFileSync } from 'fs';
       process.stdout.write(stampDay(readFileSync(0, 'utf8'), process.argv[1]));`, day], { input: text, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    const stamped = stamp(bundle, '2026-12-24').stdout;
    expect(stamped.match(/RELEASED_ON\s*=\s*"2026-12-24"/g)).toHaveLength(1);
    expect(stamp(stamped, '2026-12-25').stderr).toContain('the bundle has 0 places for the day of its release, and should have one');
  });

  test('comes with the newest version, which is the last of the constants', () => {
    const constants = Object.entries(GitLabVersion).filter(([name]) => /^V\d/.test(name));
    expect(constants.map(([name]) => name)).toEqual(constants.map(([, { version }]) => `V${version.replace('.', '_')}`));
    expect(newest.NEWEST_VERSION).toBe(constants[constants.length - 1][1]);
  });
});
