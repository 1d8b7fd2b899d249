import { execFileSync } from 'child_process';
import { createHash } from 'crypto';
import { join } from 'path';
import { } from '../../../src';
import { scriptPath } from '../../../src/assets';
import { RunnerRequest } from '../../../src/gitlab/set-up/bootstrap';
import { ruby, testWith } from '../../tools';

const KEY = 'a'.repeat(64);

function request(id: string, digit: string, changes: Partial<RunnerRequest> = {}): RunnerRequest {
  return {
    marker: `cdktf-azure-gitlab:${digit.repeat(32)}`, tokenSecretName: `runner-token-${id}-${digit.repeat(8)}`, description: id, tags: [id], runUntagged: false,
    locked: false, paused: false, accessLevel: 'not_protected' as const, ...changes,
  };
}

const AKS = request('aks', '1');
const ARM = request('arm', '2');
const TEAM = request('aks', '1', { scope: { type: 'group_type', path: 'team' } });
const API = request('aks', '1', { scope: { type: 'project_type', path: 'team/api' } });

const root = { id: 1, username: 'root', admin: true, state: 'active' };
const mina = { id: 2, username: 'mina', admin: false, state: 'active' };

interface Database {
  runners: any[];
  settings: object;
  users: object[];
  groups: object[];
  projects: object[];
  next_runner?: number;
  runner_token_expiration_interval?: number;
}

const EMPTY: Database = {
  runners: [],
  settings: {},
  users: [root, mina],
  groups: [{ id: 6, full_path: 'team', members: ['mina'] }],
  projects: [{ id: 6, full_path: 'team/api', members: ['mina'] }],
};

interface Answer {
  readonly database: Database;
  /** What the script would write into its list. */
  readonly list: string[];
  /** What was told, by kind, in order. */
  told(kind: string): string[];
}

/** Runs the program of Rails; a list is what a run before it told. */
function tell(requests: RunnerRequest[], database: Partial<Database> = {}, list?: readonly string[], more: object = {}): Answer {
  const wanted = { settings: { always: {}, once: {} }, runners: requests };
  const input = JSON.stringify({ wanted, database: { ...EMPTY, ...database }, setBefore: [], key: KEY, listed: list ?? null, ...more });
  const output = execFileSync('ruby', [join(__dirname, '..', 'rails-stand-in.rb'), scriptPath('gitlab', 'runners.rb')], { input, encoding: 'utf8' });
  const lines = output.trim().split('\n');
  const after = JSON.parse(lines.pop() as string);
  const told = (kind: string) => lines.filter((line) => line.split(' ')[0] === `gitlab-server:${kind}`).map((line) => line.slice(15 + kind.length));
  expect(lines.filter((line) => !line.startsWith('gitlab-server:'))).toEqual([]);
  return { told, database: after, list: told('listed') };
}

const runnerOf = (answer: Answer, id: number) => answer.database.runners.find((one) => one.id === id);
const ids = ({ database }: Answer) => database.runners.map(({ id }) => id);
const tokens = (answer: Answer) => answer.told('token').map((line) => line.split(' ')[1]);

/** The note that earlier releases found their runners by. */
function earlierNote({ marker, tokenSecretName }: RunnerRequest): string {
  const digest = createHash('sha256').update(marker).digest('hex').slice(0, 32);
  return `Made by the stack that made this server, and found again by this note. [cdktf-azure-gitlab ${digest} ${tokenSecretName}]`;
}

/** A runner as somebody made it; an administrator's of the whole instance unless told otherwise. */
function runner(id: number, changes: object = {}): object {
  return {
    id, description: `runner ${id}`, tag_list: ['x'], run_untagged: false, locked: false, access_level: 'not_protected', maximum_timeout: null, maintainer_note: null,
    active: true, token: `glrt-token${id}`, token_expires_at: null, created_at: 1000 + id, runner_type: 'instance_type', registration_type: 'authenticated_user',
    creator_id: 1, owner_id: null, ...changes,
  };
}

/** What a member can make. */
const hostile = (id: number, note: string | null, changes: object = {}) => runner(id, {
  runner_type: 'project_type', owner_id: 6, creator_id: 2, maintainer_note: note, description: 'theirs', ...changes,
});

const judged = testWith(ruby, 'ruby');

describe('a runner', () => {
  judged('is made once, and found again by the list', () => {
    const first = tell([AKS]);
    expect(first.list).toEqual([expect.stringMatching(new RegExp(`^${AKS.marker} ${AKS.tokenSecretName} 1 \\d+ instance_type 0 -$`))]);
    expect(first.told('token')).toEqual([`${AKS.marker} ${first.database.runners[0].token}`]);
    expect(first.told('done')).toEqual(['']);
    expect(first.database.runners).toMatchObject([{
      description: 'aks', tag_list: ['aks'], run_untagged: false, locked: false, access_level: 'not_protected', maximum_timeout: null, active: true,
      runner_type: 'instance_type', creator_id: 1,
    }]);
    const second = tell([{ ...AKS, description: 'renamed', paused: true, maximumTimeoutSeconds: 900 }], first.database, first.list);
    expect([second.list, tokens(second)]).toEqual([first.list, tokens(first)]);
    expect(second.database.runners).toMatchObject([{ id: 1, description: 'renamed', active: false, maximum_timeout: 900 }]);
  });

  judged('is set right again after somebody locked, paused, renamed it and took its note away', () => {
    const first = tell([AKS]);
    Object.assign(first.database.runners[0], { locked: true, active: false, description: 'mine now', maintainer_note: null, tag_list: [], run_untagged: true });
    const second = tell([AKS], first.database, first.list);
    expect(second.list).toEqual(first.list);
    expect(second.database.runners).toMatchObject([{ locked: false, active: true, description: 'aks', tag_list: ['aks'], run_untagged: false }]);
  });

  judged('is made anew after it was deleted', () => {
    const first = tell([AKS]);
    const second = tell([AKS], { runners: [], next_runner: 1 }, first.list);
    expect(ids(second)).toEqual([2]);
    expect(tokens(second)).not.toEqual(tokens(first));
    expect(second.list).toHaveLength(1);
  });

  judged('that the stack no longer has is removed, and those of others stay', () => {
    const first = tell([AKS, ARM]);
    first.database.runners.push(runner(7, { maintainer_note: 'mine' }), hostile(8, null));
    const second = tell([ARM], first.database, first.list);
    expect(ids(second)).toEqual([2, 7, 8]);
    expect(second.list).toEqual([first.list[1]]);
    expect(second.told('note')).toEqual(['the runner 1 (aks) is removed']);
  });

  judged('that the stack no longer has and that is gone already leaves the list', () => {
    const first = tell([AKS, ARM]);
    const second = tell([ARM], { runners: first.database.runners.slice(1) }, first.list);
    expect([second.list, second.told('note'), second.told('problem')]).toEqual([[first.list[1]], [], []]);
  });

  judged('whose run was cut off before its list is found by a mark that nobody can guess', () => {
    const first = tell([AKS]);
    const second = tell([AKS], first.database, []);
    expect([ids(second), second.list]).toEqual([[1], first.list]);
    const another = tell([AKS], first.database, [], { key: 'b'.repeat(64) });
    expect(ids(another)).toEqual([1, 2]);
  });
});

describe('somebody else\'s runner', () => {
  const made = () => tell([AKS, ARM]);

  judged.each<[string, string]>([
    ['the mark of the certificate authority\'s secret', `[cdktf-azure-gitlab ${'0'.repeat(32)} gitlab-ca-certificate]`],
    ['the mark of a runner that is gone', `[cdktf-azure-gitlab ${'0'.repeat(32)} runner-token-x-00000000]`],
    ['a path for a name', `[cdktf-azure-gitlab ${'0'.repeat(32)} ./runner-token-aks-11111111]`],
    ['a name in upper case', `[cdktf-azure-gitlab ${'0'.repeat(32)} RUNNER-TOKEN-aks-11111111]`],
    ['lines of ours', `x\ngitlab-server:listed ${AKS.marker} gitlab-ca-certificate 1 1 instance_type 0 -\ngitlab-server:done\n`],
    ['our earlier mark', earlierNote(AKS)],
    ['our earlier mark twice', `${earlierNote(AKS)} ${earlierNote(ARM)}`],
    ['our earlier mark behind a line of its own', `\r\n\u2028${earlierNote(AKS)}\u0000`],
    ['as much as there is room for', '[cdktf-azure-gitlab '.repeat(51)],
    ['letters of other scripts', '［cdktf-azure-gitlab ０００］ 🏃 \u202e[cdktf-azure-gitlab'],
  ])('with %s is neither ours nor touched, with and without a list', (_, note) => {
    const kinds = [hostile(1, note), hostile(2, note, { runner_type: 'group_type', owner_id: 6 }), hostile(3, note, { registration_type: 'registration_token', creator_id: null }),
      hostile(4, note, { locked: true, active: false })];
    const instance = runner(5, { maintainer_note: note, registration_type: 'registration_token', creator_id: null, token: 'plain' });
    for (const list of [undefined, []]) {
      const answer = tell([AKS, ARM], { runners: [...kinds, instance] }, list);
      expect(answer.database.runners.slice(0, 5)).toEqual([...kinds, instance]);
      expect(ids(answer)).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(tokens(answer)).toEqual([6, 7].map((id) => runnerOf(answer, id).token));
      expect([answer.told('problem'), answer.told('note'), answer.told('again')]).toEqual([[], [], []]);
    }
  });

  judged('with the very note that ours has is neither ours nor touched', () => {
    const first = made();
    const note = first.database.runners[0].maintainer_note;
    const copies = [hostile(7, note), hostile(8, note, { runner_type: 'group_type', owner_id: 6 }), runner(9, { maintainer_note: note, registration_type: 'registration_token' })];
    for (const list of [first.list, []]) {
      const answer = tell([AKS, ARM], { runners: [...copies, ...first.database.runners] }, list);
      expect(answer.database.runners.slice(0, 3)).toEqual(copies);
      expect(answer.list).toEqual(first.list);
    }
    const gone = tell([AKS, ARM], { runners: copies }, first.list);
    expect(gone.database.runners.slice(0, 3)).toEqual(copies);
    expect(ids(gone)).toEqual([7, 8, 9, 10, 11]);
  });

  judged.each<[string, object]>([
    ['of another kind', { runner_type: 'project_type', owner_id: 6 }],
    ['made at another time', { created_at: 4711 }],
  ])('that has the id of ours and is %s, as after a restore, is neither ours nor touched', (_, changes) => {
    const first = made();
    const theirs = { ...first.database.runners[0], creator_id: 2, description: 'theirs', maintainer_note: 'mine', ...changes };
    const kept = tell([AKS, ARM], { runners: [theirs, first.database.runners[1]] }, first.list);
    expect(kept.database.runners[0]).toEqual(theirs);
    expect(tokens(kept)).not.toContain(theirs.token);
    const removed = tell([ARM], { runners: [theirs, first.database.runners[1]] }, first.list);
    expect(removed.database.runners[0]).toEqual(theirs);
    expect(removed.list).toEqual([first.list[1]]);
  });
});

describe('a server of an earlier release', () => {
  const old = (id: number, of: RunnerRequest, changes: object = {}) => runner(id, { maintainer_note: earlierNote(of), ...changes });

  judged('moves over by itself, with the tokens it has', () => {
    const answer = tell([AKS, ARM], { runners: [hostile(1, earlierNote(AKS)), old(3, AKS), old(4, ARM)] });
    expect(tokens(answer)).toEqual(['glrt-token3', 'glrt-token4']);
    expect(answer.list.map((line) => line.split(' ')[2])).toEqual(['3', '4']);
    expect(answer.database.runners[0]).toEqual(hostile(1, earlierNote(AKS)));
    expect(runnerOf(answer, 3).maintainer_note).not.toContain('runner-token-');
    const again = tell([AKS, ARM], answer.database, answer.list);
    expect([again.list, tokens(again)]).toEqual([answer.list, tokens(answer)]);
  });

  judged('whose first run was cut off before the list goes on from there', () => {
    const first = tell([AKS, ARM], { runners: [old(3, AKS), old(4, ARM)] });
    const runners = [runnerOf(first, 3), old(4, ARM)];
    expect(tokens(tell([AKS, ARM], { runners }))).toEqual(['glrt-token3', 'glrt-token4']);
  });

  judged('does not lose what only a note names: it is listed first, and removed by the list', () => {
    const first = tell([ARM], { runners: [old(3, AKS), old(4, ARM)] });
    expect([ids(first), first.told('again')]).toEqual([[3, 4], ['']]);
    expect(first.list.map((line) => line.split(' ').slice(1, 3))).toEqual([[ARM.tokenSecretName, '4'], [AKS.tokenSecretName, '3']]);
    const second = tell([ARM], first.database, first.list);
    expect([ids(second), second.told('again')]).toEqual([[4], []]);
    expect(second.list).toEqual([first.list[0]]);
  });

  judged('that had its notes copied by an administrator keeps the runner it used, and the copy', () => {
    const answer = tell([AKS], { runners: [old(3, AKS), old(4, AKS)] });
    expect(tokens(answer)).toEqual(['glrt-token3']);
    expect(ids(answer).sort()).toEqual([3, 4]);
    expect(answer.list).toHaveLength(1);
    expect(ids(tell([], answer.database, answer.list))).toEqual([4]);
  });

  judged('with a list goes by no note any more', () => {
    const answer = tell([AKS], { runners: [old(3, AKS)] }, []);
    expect(ids(answer)).toEqual([3, 4]);
    expect(tokens(answer)).toEqual([runnerOf(answer, 4).token]);
  });
});

describe('a scope', () => {
  judged('is a group or a project, found by its path', () => {
    const group = tell([TEAM]);
    expect(group.database.runners).toMatchObject([{ runner_type: 'group_type', owner_id: 6, creator_id: 1 }]);
    expect(group.list).toEqual([expect.stringMatching(/ 1 \d+ group_type 6 team$/)]);
    const project = tell([{ ...API, locked: true }]);
    expect(project.database.runners).toMatchObject([{ runner_type: 'project_type', owner_id: 6, locked: true }]);
    expect(project.list).toEqual([expect.stringMatching(/ 1 \d+ project_type 6 team\/api$/)]);
    for (const [wanted, { database, list }] of [[TEAM, group], [API, project]] as const) {
      expect(tell([wanted], database, list).list).toEqual(list);
      expect(tell([wanted], database, []).list).toEqual(list);
    }
  });

  judged('that is another one makes another runner with another token, and the old one is removed', () => {
    let before = tell([AKS]);
    for (const wanted of [TEAM, API, AKS, API, TEAM]) {
      const after = tell([wanted], before.database, before.list);
      expect(after.database.runners).toMatchObject([{ runner_type: wanted.scope?.type ?? 'instance_type' }]);
      expect(after.list).toHaveLength(1);
      expect(tokens(after)).not.toEqual(tokens(before));
      expect(after.told('note')).toEqual([expect.stringMatching(/^the runner \d+ \(aks\) is removed$/)]);
      before = after;
    }
  });

  judged.each<[string, RunnerRequest, string]>([
    ['group', TEAM, 'the runner aks is not set: there is no group "team" on this server; make it in GitLab or mend the path in runnerScope, then run this step again'],
    ['project', API, 'the runner aks is not set: there is no project "team/api" on this server; make it in GitLab or mend the path in runnerScope, then run this step again'],
  ])('whose %s is not there stops neither the others nor the runner that is to be replaced', (_, wanted, problem) => {
    const first = tell([AKS]);
    const answer = tell([wanted, ARM], { ...first.database, groups: [], projects: [] }, first.list);
    expect(answer.told('problem')).toEqual([problem]);
    expect(answer.told('done')).toEqual(['']);
    expect(ids(answer)).toEqual([1, 2]);
    expect(answer.list.map((line) => line.split(' ')[2])).toEqual(['2', '1']);
    expect(answer.told('token').map((line) => line.split(' ')[0])).toEqual([ARM.marker]);
  });

  judged('whose group has moved says where to', () => {
    const first = tell([TEAM]);
    const moved = { ...first.database, groups: [{ id: 6, full_path: 'platform/team', members: [] }] };
    const answer = tell([TEAM], moved, first.list);
    expect(answer.told('problem')).toEqual(['the runner aks is not set: the group "team" is at "platform/team" now; change runnerScope to that, then apply']);
    expect(answer.list).toEqual(first.list);
    const followed = tell([{ ...TEAM, scope: { type: 'group_type', path: 'Platform/Team' } }], moved, first.list);
    expect(tokens(followed)).toEqual(tokens(first));
    expect(followed.list[0]).toMatch(/ 1 \d+ group_type 6 platform\/team$/);
  });

  judged.each<[string, RunnerRequest, Partial<Database>]>([
    ['group', TEAM, { groups: [{ id: 9, full_path: 'team', members: ['mina'] }] }],
    ['project', API, { projects: [{ id: 9, full_path: 'team/api', members: ['mina'] }] }],
  ])('whose path somebody took after the %s had gone gives him no runner', (kind, wanted, taken) => {
    const first = tell([wanted]);
    // to GitLab a path is the same in any case.
    for (const path of [wanted.scope!.path, wanted.scope!.path.toUpperCase()]) {
      const answer = tell([{ ...wanted, scope: { ...wanted.scope!, path } }], { ...first.database, ...taken }, first.list);
      expect(answer.told('problem')).toEqual([`the runner aks is not set: the ${kind} "${path}" is another one than this runner was made for; `
        + 'if that is meant, take the runner out of the program, apply, and put it back']);
      expect([ids(answer), tokens(answer), answer.list]).toEqual([[1], [], first.list]);
    }
  });

  judged('counts only while GitLab says so: a runner that went to another project is not ours any more', () => {
    const first = tell([API]);
    const theirs = { ...first.database.runners[0], owner_id: 7 };
    const answer = tell([API], { runners: [theirs], projects: [...EMPTY.projects, { id: 7, full_path: 'mina/x', members: ['mina'] }] }, first.list);
    expect(tokens(answer)).not.toEqual(tokens(first));
    expect(answer.database.runners).toMatchObject([{ owner_id: 6 }]);
  });

  judged('is not reached by a member\'s runner with a copied note', () => {
    const first = tell([TEAM]);
    const copies = [hostile(7, first.database.runners[0].maintainer_note, { runner_type: 'group_type', owner_id: 6 })];
    const answer = tell([TEAM], { runners: copies }, []);
    expect(answer.database.runners[0]).toEqual(copies[0]);
    expect(tokens(answer)).not.toContain('glrt-token7');
  });

  judged('keeps a token that was reset in GitLab', () => {
    const first = tell([TEAM]);
    first.database.runners[0].token = 'glrt-reset';
    expect(tokens(tell([TEAM], first.database, first.list))).toEqual(['glrt-reset']);
  });
});

describe('settings', () => {
  const wanted = { settings: { always: { minimum_password_length: 20 }, once: { signup_enabled: false, gone: 1 } } };

  judged('that were asked for are set always, a default once, and what this GitLab lacks is left out', () => {
    const first = tell([], {}, [], { wanted: { ...wanted, runners: [] } });
    expect(first.told('note')).toEqual(['this GitLab does not have the settings gone; they are left out']);
    expect(first.told('once')).toEqual(['signup_enabled', 'gone']);
    expect(first.database.settings).toEqual({ minimum_password_length: 20, signup_enabled: false });
    const second = tell([], { settings: { signup_enabled: true } }, [], { wanted: { ...wanted, runners: [] }, setBefore: ['signup_enabled', 'gone'] });
    expect(second.database.settings).toEqual({ minimum_password_length: 20, signup_enabled: true });
  });

  judged('need an administrator, and tokens that stay', () => {
    const none = tell([AKS], { users: [mina] });
    expect([none.told('no-administrator'), none.told('done'), ids(none)]).toEqual([[''], [], []]);
    const expiring = tell([AKS], { runner_token_expiration_interval: 3600 });
    expect(expiring.told('problem')).toEqual([expect.stringMatching(/^GitLab is set to let runner tokens expire/)]);
    expect(expiring.told('done')).toEqual([]);
  });

  judged('are made by a person who can still sign in, whoever else is an administrator', () => {
    const others = [
      { id: 3, state: 'active', user_type: 'admin_bot' }, { id: 4, state: 'active', user_type: 'project_bot' }, { id: 5, state: 'active', user_type: 'service_account' },
      { id: 6, state: 'blocked' }, { id: 7, state: 'deactivated' }, { id: 8, state: 'banned' }, { id: 9, state: 'ldap_blocked' },
    ].map((user) => ({ username: `user${user.id}`, admin: true, ...user }));
    const noor = { id: 20, username: 'noor', admin: true, state: 'active', user_type: 'human' };
    expect(tell([AKS], { users: [mina, ...others] }).told('no-administrator')).toEqual(['']);
    const answer = tell([AKS], { users: [mina, ...others, noor] });
    expect(answer.told('done')).toEqual(['']);
    expect(answer.database.runners.map(({ creator_id }) => creator_id)).toEqual([20]);
  });

  judged('that GitLab refuses for one runner leave the others alone', () => {
    const answer = tell([{ ...AKS, maximumTimeoutSeconds: 1 }, ARM]);
    expect(answer.told('problem')).toEqual([
      'the runner aks is not set: GitLab refuses it: Maximum timeout needs to be at least 10 minutes; change it, then run this step again',
    ]);
    expect(ids(answer)).toEqual([1]);
    const listed = tell([AKS, ARM]);
    const later = tell([{ ...AKS, maximumTimeoutSeconds: 1 }, ARM], listed.database, listed.list);
    expect(later.told('problem')).toEqual([expect.stringMatching(/^the runner aks is not set: Validation failed: Maximum timeout .* \(RecordInvalid\); mend that, then run this step again$/)]);
    expect([...later.list].sort()).toEqual([...listed.list].sort());
  });

  judged('of GitLab that make a token expire stop its runner, which the next run finds again', () => {
    const first = tell([AKS]);
    first.database.runners[0].token_expires_at = '2027-01-01';
    const answer = tell([AKS], first.database, first.list);
    expect(answer.told('problem')).toEqual(['the runner aks is not set: its token expires at 2027-01-01; clear that in the settings of its group or project, '
      + 'delete it in GitLab, then run this step again']);
    expect(answer.list).toEqual(first.list);
  });
});
