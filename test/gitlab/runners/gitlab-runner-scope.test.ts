import { TerraformStack, TerraformVariable } from 'cdktf';
import { GitLabRunnerOptions, GitLabRunnerScope, SelfHostedGitLab } from '../../../src';
import { newStack, synth, warnings } from '../../synth';

/** What the server learns of a runner, and what is warned of. */
function asked(options: (stack: TerraformStack) => GitLabRunnerOptions): { readonly runners: any[]; text: string; warned: string[] } {
  const stack = newStack();
  const gitlab = new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral' });
  gitlab.requestRunnerToken('ci', options(stack));
  const { locals } = synth(stack) as any;
  const [name] = Object.keys(locals).filter((key) => key.startsWith('GitLab_SetUp_RunnersParameters_'));
  const text = locals[name].WANTED_JSON;
  return { text, get runners() { return JSON.parse(text).runners; }, warned: warnings(stack) };
}

test('left out is the whole server, and so the server learns nothing new', () => {
  const [plain, said] = [asked(() => ({})), asked(() => ({ runnerScope: GitLabRunnerScope.instance() }))];
  expect(plain.text).toBe(said.text);
  expect(plain.runners).toEqual([expect.not.objectContaining({ scope: expect.anything() })]);
  expect(plain.runners[0].locked).toBe(false);
});

test('is a group or a project by its path; a project\'s runner is kept to it', () => {
  const group = asked(() => ({ runnerScope: GitLabRunnerScope.group('team/backend') }));
  expect(group.runners).toEqual([expect.objectContaining({ scope: { type: 'group_type', path: 'team/backend' }, locked: false })]);
  const project = asked(() => ({ runnerScope: GitLabRunnerScope.project('team/backend/api') }));
  expect(project.runners).toEqual([expect.objectContaining({ scope: { type: 'project_type', path: 'team/backend/api' }, locked: true })]);
  expect([group.warned, project.warned]).toEqual([[], []]);
});

test('of a project that is not locked gives a warning; one of a group means nothing by it', () => {
  const loose = asked(() => ({ runnerScope: GitLabRunnerScope.project('team/api'), locked: false }));
  expect(loose.runners[0].locked).toBe(false);
  expect(loose.warned).toEqual(['Test/GitLab: locked: the project\'s maintainers can let other projects use the runner "ci"; drop the prop']);
  expect(asked(() => ({ runnerScope: GitLabRunnerScope.group('team'), locked: false })).warned).toEqual([]);
});

test('may be one that only the apply knows', () => {
  expect(asked((stack) => ({ runnerScope: GitLabRunnerScope.group(new TerraformVariable(stack, 'team', {}).stringValue) })).text).toContain('var.team');
});

test.each(['a', 'team', 'Team_1.x-y', '.hidden', '_', 'a/b/c', 'x'.repeat(255), 'grouped/x', `${'a/'.repeat(19)}a`])('a group may be at %s', (path) => {
  expect(() => GitLabRunnerScope.group(path)).not.toThrow();
});

test.each(['a/b', 'mina/tool', 'team/api.', 'team/sub.group/x_1.y-z', 'a/.b'])('a project may be at %s', (path) => {
  expect(() => GitLabRunnerScope.project(path)).not.toThrow();
});

const GROUP = 'give a full path such as "team/backend", without slashes around it and without the server\'s address (at GitLabRunnerScope.group)';
const PROJECT = 'give a full path such as "team/backend/api", without slashes around it and without the server\'s address (at GitLabRunnerScope.project)';

const problemOf = (path: unknown) => (typeof path === 'string' ? 'not a valid value' : 'not text');

test.each<[any]>([
  ['/team'], ['team/'], ['team//x'], ['https://gitlab.example.com/team'], ['team backend'], ['-team'], ['team.'], ['team./x'], ['team.git'], ['team.atom/x'], ['téam'],
  ['team\n'], ['x'.repeat(256)], ['team/-/settings'], [42], [['team']], ['team?x'], ['../team'.repeat(2)],
])('fails when a group is %j', (path) => {
  expect(() => GitLabRunnerScope.group(path)).toThrow(new Error(`path: ${problemOf(path)}, got ${JSON.stringify(path)}; ${GROUP}`));
});

test.each<[any]>([['api'], ['/team/api'], ['team/api/'], ['team/api.git'], ['git@gitlab.example.com:team/api'], ['team./api'], ['team/-/api'], [7]])('fails when a project is %j', (path) => {
  expect(() => GitLabRunnerScope.project(path)).toThrow(new Error(`path: ${problemOf(path)}, got ${JSON.stringify(path)}; ${PROJECT}`));
});

test('fails when there is no path, and when it is that of a page', () => {
  expect(() => GitLabRunnerScope.group('')).toThrow(new Error(`path: not a valid value, got ""; ${GROUP}`));
  expect(() => GitLabRunnerScope.project(undefined as any)).toThrow(new Error(`path: missing, got nothing; ${PROJECT}`));
  expect(() => GitLabRunnerScope.group('groups/team')).toThrow(new Error(
    'path: a path does not begin with "groups/", got "groups/team"; remove it, and everything from "/-/" on (at GitLabRunnerScope.group)'));
});

test('fails when it is the path itself', () => {
  expect(() => asked(() => ({ runnerScope: 'team' as any }))).toThrow(new Error(
    'runnerScope: not a GitLabRunnerScope, got "team"; give one such as GitLabRunnerScope.group() (at Test/GitLab)'));
});
