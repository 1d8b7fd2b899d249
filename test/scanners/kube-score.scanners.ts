import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, test } from 'node:test';
import { Finding, notAccepted, notFound, tell } from './findings';
import { manifests, objects, STACKS } from './synthesised';

const NAME = 'kube-score';
/** What is better than this is no finding. */
const ALL_OK = 10;
const found = new Map<string, Finding[]>();
const scored = new Map<string, string[]>();

interface Score { readonly type_meta: { readonly kind: string }; readonly object_meta: { readonly name: string }; readonly checks: any[] }

/** Scores manifests for the version of Kubernetes that clusters get; `files` may be `-` with an input. */
function score(files: string[], input?: string): Score[] {
  try {
    execFileSync(process.env.SCANNERS_KUBE_SCORE!, ['score', '--output-format', 'json', '--kubernetes-version', 'v1.36', ...files], { input, encoding: 'utf8' });
  } catch (error: any) {
    return JSON.parse(error.stdout);
  }
  throw new Error('kube-score found nothing at all');
}

function findings(scores: Score[]): Finding[] {
  return scores.flatMap(({ type_meta: { kind }, object_meta: { name }, checks }) => checks.filter(({ grade, skipped }) => grade < ALL_OK && !skipped)
    .map(({ check, comments }): Finding => ({
      check: check.id, on: `${kind} ${name}`, says: comments.map(({ path, summary }: any) => `${path ? `(${path}) ` : ''}${summary}`).join(', '),
    })));
}

before(() => {
  for (const [stack, folder] of Object.entries(STACKS)) {
    const scores = score(manifests(folder));
    scored.set(stack, scores.map(({ type_meta: { kind }, object_meta: { name } }) => `${kind} ${name}`));
    found.set(stack, findings(scores));
  }
  tell(NAME, found);
});

for (const [stack, folder] of Object.entries(STACKS)) {
  test(`kube-score scores every workload, policy and Service of ${stack}`, () => {
    assert.deepEqual(scored.get(stack)!.sort(), objects(folder).filter((object) => /^(DaemonSet|Deployment|NetworkPolicy|PodDisruptionBudget|Service) /.test(object)).sort());
  });

  test(`kube-score finds nothing in ${stack} but what is accepted`, () => {
    assert.deepEqual(notAccepted(NAME, stack, found.get(stack)!), []);
  });
}

test('each finding of kube-score that is accepted is still there', () => {
  assert.deepEqual(notFound(NAME, found), []);
});

test('a weakness that kube-score knows is not accepted', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'weak' }, spec: { containers: [{ name: 'main', image: 'ubuntu:latest', securityContext: { privileged: true } }] } };
  const checks = findings(score(['-'], JSON.stringify(pod))).map(({ check }) => check);
  assert.ok(checks.includes('container-security-context-privileged') && checks.includes('container-image-tag'), checks.join());
});
