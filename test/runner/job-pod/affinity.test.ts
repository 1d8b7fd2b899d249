// An affinity is written as in a pod, and what the runner would leave out of it in silence is refused, as is what Kubernetes refuses.
import { newChart, runner, wrong } from '../chart';

const render = (affinity: { [key: string]: any }) => runner(newChart({ affinity })).kubernetes.affinity;
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
  ['in the runner\'s own spelling', { node_affinity: {} }, 'affinity.node_affinity: not a field that GitLab Runner knows, which would leave it out, got {}; did you mean "nodeAffinity" (at ci)'],
  ['a map in place of a list', nodes({ matchExpressions: { key: 'a' } }), `${AT}.matchExpressions: not a list, got {"key":"a"}; give a list (at ci)`],
  ['a list in place of a map', { nodeAffinity: [] }, 'affinity.nodeAffinity: not a map, got []; give a map (at ci)'],
  ['without a key', nodes({ matchExpressions: [{ operator: 'Exists' }] }), `${AT}.matchExpressions[0].key: missing, got nothing; give it (at ci)`],
  ['of an operator that is none', nodes({ matchExpressions: [{ key: 'a', operator: 'Equals' }] }),
    `${AT}.matchExpressions[0].operator: not supported, got "Equals"; give one of "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt" (at ci)`],
  ['without a place', apart({ weight: 1, podAffinityTerm: {} }), `${APART}.podAffinityTerm.topologyKey: missing, got nothing; give it (at ci)`],
  ['too heavy', apart({ weight: 101, podAffinityTerm: { topologyKey: 'a' } }), `${APART}.weight: out of range, got 101; give a whole number from 1 to 100 (at ci)`],
  ['without a weight', apart({ podAffinityTerm: { topologyKey: 'a' } }), `${APART}.weight: missing, got nothing; give a whole number from 1 to 100 (at ci)`],
])('one that is %s fails', (_name, affinity, message) => {
  expect(() => newChart({ affinity: wrong(affinity) })).toThrow(new Error(message));
});
