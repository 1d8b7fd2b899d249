// An affinity is written as in a pod, and what the runner would leave out of it in silence is refused, as is what Kubernetes refuses.
import { Token } from 'cdktf';
import { newChart, runner, wrong } from '../chart';

const render = (affinity: { [key: string]: any }) => runner(newChart({ affinity })).kubernetes.affinity;
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const nodes = (term: any) => ({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } });
const apart = (item: any) => ({ podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [item] } });
const AT = 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]';
const APART = 'affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]';

test('all that the runner knows reaches it under its names', () => {
  const podAffinityTerm = {
    topologyKey: 'topology.kubernetes.io/zone', namespaces: ['ci'], labelSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] },
    namespaceSelector: { matchLabels: { 'example.com/partOf': 'ci' } }, matchLabelKeys: ['x'], mismatchLabelKeys: ['y'],
  };
  expect(render({ ...nodes({ matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['n'] }] }), ...apart({ weight: 100, podAffinityTerm }) })).toEqual({
    node_affinity: { required_during_scheduling_ignored_during_execution: { node_selector_terms: [{ match_fields: [{ key: 'metadata.name', operator: 'NotIn', values: ['n'] }] }] } },
    pod_anti_affinity: {
      preferred_during_scheduling_ignored_during_execution: [{
        weight: 100,
        pod_affinity_term: {
          topology_key: 'topology.kubernetes.io/zone', namespaces: ['ci'], label_selector: { match_expressions: [{ key: 'a', operator: 'In', values: ['b'] }] },
          namespace_selector: { match_labels: { 'example.com/partOf': 'ci' } }, match_label_keys: ['x'], mismatch_label_keys: ['y'],
        },
      }],
    },
  });
});

test.each<[string, any, string]>([
  ['of no kind', { nodeAfinity: {} }, 'affinity.nodeAfinity: not a field that GitLab Runner knows, which would leave it out, got {}; did you mean "nodeAffinity" (at ci)'],
  ['misspelt inside', nodes({ matchExpression: [] }), `${AT}.matchExpression: not a field that GitLab Runner knows, which would leave it out, got []; did you mean "matchExpressions" (at ci)`],
  ['in the runner\'s own spelling', { node_affinity: {} }, 'affinity.node_affinity: spelt as in config.toml, and Kubernetes\' own spelling is wanted, got {}; write "nodeAffinity", and the fields in it in the same way (at ci)'],
  ['a map in place of a list', nodes({ matchExpressions: { key: 'a' } }), `${AT}.matchExpressions: not a list, got {"key":"a"}; give a list (at ci)`],
  ['a list in place of a map', { nodeAffinity: [] }, 'affinity.nodeAffinity: not a map, got []; give a map (at ci)'],
  ['without a key', nodes({ matchExpressions: [{ operator: 'Exists' }] }), `${AT}.matchExpressions[0].key: missing, got nothing; give a Kubernetes name such as "team" or "example.com/team" (at ci)`],
  ['of an operator that is none', nodes({ matchExpressions: [{ key: 'a', operator: 'Equals' }] }),
    `${AT}.matchExpressions[0].operator: not supported, got "Equals"; give one of "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt" (at ci)`],
  ['without a place', apart({ weight: 1, podAffinityTerm: {} }), `${APART}.podAffinityTerm.topologyKey: missing, got nothing; give a Kubernetes name such as "team" or "example.com/team" (at ci)`],
  ['too heavy', apart({ weight: 101, podAffinityTerm: { topologyKey: 'a' } }), `${APART}.weight: out of range, got 101; give a whole number from 1 to 100 (at ci)`],
  ['without terms', { nodeAffinity: { [REQUIRED]: {} } }, `affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms: missing, got nothing; give it (at ci)`],
  ['of no term', { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms: [] } } },
    `affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms: empty, and Kubernetes wants a term, got []; give a term with matchExpressions, or leave the affinity out (at ci)`],
  ['of an empty term', nodes({ matchExpressions: [] }), `${AT}: a term without an expression, which no node matches, got {"matchExpressions":[]}; give matchExpressions, or leave it out (at ci)`],
  ['a preference of nothing', { nodeAffinity: { [PREFERRED]: [{ weight: 1 }] } }, `affinity.nodeAffinity.${PREFERRED}[0].preference: missing, got nothing; give it (at ci)`],
  ['a preference of no pods', apart({ weight: 1 }), `${APART}.podAffinityTerm: missing, got nothing; give it (at ci)`],
  ['of numbers', nodes({ matchExpressions: [{ key: 'cpu', operator: 'In', values: [4] }] }),
    `${AT}.matchExpressions[0].values[0]: not text, got 4; give at most 63 letters, digits, ".", "_" and "-", a letter or digit at both ends (at ci)`],
  ['of values that are none', nodes({ matchExpressions: [{ key: 'cpu', operator: 'In', values: '4' }] }), `${AT}.matchExpressions[0].values: not a list, got "4"; give a list (at ci)`],
  ['of a label that is none', nodes({ matchExpressions: [{ key: 'a b', operator: 'Exists' }] }),
    `${AT}.matchExpressions[0].key: not a valid value, got "a b"; give a Kubernetes name such as "team" or "example.com/team" (at ci)`],
  ['of a value that no label has', nodes({ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['x/y'] }] }),
    `${AT}.matchExpressions[0].values[0]: not a valid value, got "x/y"; give at most 63 letters, digits, ".", "_" and "-", a letter or digit at both ends (at ci)`],
  ['of a field that nodes are not found by', nodes({ matchFields: [{ key: 'spec.podCIDR', operator: 'In', values: ['n'] }] }),
    `${AT}.matchFields[0].key: not a valid value, got "spec.podCIDR"; give "metadata.name" (at ci)`],
  ['of two nodes by name', nodes({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['m', 'n'] }] }),
    `${AT}.matchFields[0].values: several, and Kubernetes takes one name of a field, got ["m","n"]; give one name (at ci)`],
  ['of pods by a number', apart({ weight: 1, podAffinityTerm: { topologyKey: 'a', labelSelector: { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] } } }),
    `${APART}.podAffinityTerm.labelSelector.matchExpressions[0].operator: not supported, got "Gt"; give one of "In", "NotIn", "Exists", "DoesNotExist" (at ci)`],
  ['of pods by a label that is a number', apart({ weight: 1, podAffinityTerm: { topologyKey: 'a', labelSelector: { matchLabels: { a: 1 } } } }),
    `${APART}.podAffinityTerm.labelSelector.matchLabels["a"]: not text, got 1; give at most 63 letters, digits, ".", "_" and "-", a letter or digit at both ends (at ci)`],
  ['of an empty place', apart({ weight: 1, podAffinityTerm: { topologyKey: '' } }),
    `${APART}.podAffinityTerm.topologyKey: not a valid value, got ""; give a Kubernetes name such as "team" or "example.com/team" (at ci)`],
  ['of one namespace as text', apart({ weight: 1, podAffinityTerm: { topologyKey: 'a', namespaces: 'ci' } }), `${APART}.podAffinityTerm.namespaces: not a list, got "ci"; give a list (at ci)`],
  ['without a weight', apart({ podAffinityTerm: { topologyKey: 'a' } }), `${APART}.weight: missing, got nothing; give a whole number from 1 to 100 (at ci)`],
])('one that is %s fails', (_name, affinity, message) => {
  expect(() => newChart({ affinity: wrong(affinity) })).toThrow(new Error(message));
});

test('what only the apply knows passes', () => {
  const [value, values] = [Token.asString({ resolve: () => 'x' }), Token.asList({ resolve: () => ['x'] })];
  expect(() => newChart({ affinity: nodes({ matchExpressions: [{ key: value, operator: 'In', values: [value] }, { key: 'a', operator: 'In', values }] }) })).not.toThrow();
  const podAffinityTerm = { topologyKey: value, namespaces: values, labelSelector: { matchLabels: { a: value } } };
  expect(() => newChart({ affinity: apart({ weight: 1, podAffinityTerm }) })).not.toThrow();
});
