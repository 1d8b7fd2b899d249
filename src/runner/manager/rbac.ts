import { SUSPENSION_FLAG } from '../config/feature-flags';
import { chosenNamespaces, freeNamespacesBy } from '../job-pod/overwrites';

/** What the manager's rights follow from: one runner's feature flags and `[runners.kubernetes]` settings. */
export interface RunnerFeatures {
  readonly flags: { readonly [name: string]: boolean };
  readonly settings: { readonly [key: string]: any };
  /** Whether people open terminals in jobs, which is asked of the manager as a whole. */
  readonly terminals?: boolean;
}

/** A rule of a Kubernetes role. */
export interface PolicyRule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

type Feature = (runner: RunnerFeatures) => boolean;

const always: Feature = () => true;
const flag = (name: string): Feature => (runner) => runner.flags[name] === true;
const setting = (key: string): Feature => (runner) => Boolean(runner.settings[key]);
const anyOf = (...features: Feature[]): Feature => (runner) => features.some((feature) => feature(runner));

/** Scripts are sent to the containers' standard input, which is how it is done unless the flag brings the older way back. */
const attaching: Feature = (runner) => runner.flags.FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY !== true;
const honoringEntrypoint = flag('FF_KUBERNETES_HONOR_ENTRYPOINT');
const suspending = flag(SUSPENSION_FLAG);
/** On unless switched off. */
const printingWarnings: Feature = (runner) => runner.settings.print_pod_warning_events !== false;
const namespacePerJob = setting('namespace_per_job');

/**
 * What the Kubernetes executor calls, and for which of its features. GitLab documents more verbs for streams into and out of pods (`delete`,
 * `get`, `list`, `patch`); the executor opens all of them by a single request, which Kubernetes counts as the one verb that is here.
 *
 * @see https://docs.gitlab.com/runner/executors/kubernetes/#configure-runner-api-permissions
 */
const CALLS: readonly (readonly [resource: string, verb: string, feature: Feature])[] = [
  ['pods', 'create', always],
  ['pods', 'delete', always],
  ['pods', 'get', always],
  ['pods', 'list', always], // to notice changes without asking again and again, together with watch
  ['pods', 'watch', anyOf(honoringEntrypoint, attaching)],
  ['pods/exec', 'create', always],
  ['pods/exec', 'get', (runner) => runner.terminals === true], // a WebSocket begins with GET; from Kubernetes 1.35 it needs create too
  ['pods/attach', 'create', attaching],
  ['pods/log', 'get', anyOf(attaching, honoringEntrypoint, flag('FF_WAIT_FOR_POD_TO_BE_REACHABLE'), flag('FF_CONCRETE'))],
  ['secrets', 'create', always], // credentials of registries
  ['secrets', 'delete', always],
  ['secrets', 'get', always], // made already, but the answer was lost; so too with services and disruption budgets
  ['secrets', 'update', always],
  ['serviceaccounts', 'get', setting('resource_availability_check_max_attempts')],
  ['services', 'create', always], // a job's services with ports
  ['services', 'get', always],
  ['events', 'list', printingWarnings],
  ['events', 'watch', flag('FF_PRINT_POD_EVENTS')],
  ['namespaces', 'create', namespacePerJob],
  ['namespaces', 'delete', namespacePerJob],
  ['namespaces', 'get', suspending],
  ['policy/poddisruptionbudgets', 'create', setting('pod_disruption_budget')],
  ['policy/poddisruptionbudgets', 'get', setting('pod_disruption_budget')],
  // the runner's own priority class for pause pods would need rights in the whole cluster, so the chart makes one.
  ['apps/deployments', 'create', setting('autoscaler')],
  ['apps/deployments', 'delete', setting('autoscaler')],
  ['apps/deployments', 'get', setting('autoscaler')],
  ['apps/deployments', 'list', setting('autoscaler')],
  ['apps/deployments', 'update', setting('autoscaler')],
  ['configmaps', 'create', suspending],
  ['configmaps', 'delete', suspending],
  ['configmaps', 'get', suspending],
  ['configmaps', 'update', suspending],
  ['persistentvolumeclaims', 'create', suspending],
  ['persistentvolumeclaims', 'delete', suspending],
];

const GROUPED = ['policy', 'apps'];

/** The rules that the features of the given runners need, one for each resource. */
export function policyRules(runners: readonly RunnerFeatures[]): PolicyRule[] {
  const verbs = new Map<string, string[]>();
  for (const [resource, verb, feature] of CALLS) {
    if (runners.some(feature)) {
      verbs.set(resource, [...verbs.get(resource) ?? [], verb]);
    }
  }
  return [...verbs].map(([resource, allowed]) => {
    const [head, ...rest] = resource.split('/');
    const [apiGroup, name] = GROUPED.includes(head) ? [head, rest.join('/')] : ['', resource];
    return { apiGroups: [apiGroup], resources: [name], verbs: allowed };
  });
}

/** The namespaces beside the jobs' own where the rules have to hold; `any` if only the jobs bring them about, or choose them freely. */
export function furtherNamespaces(runners: readonly RunnerFeatures[], home: string): readonly string[] | 'any' {
  const chosen = runners.map(({ settings }) => freeNamespacesBy(settings, home) ? 'any' : chosenNamespaces(settings, home));
  return chosen.some((names) => names === 'any') ? 'any' : [...new Set(chosen.flat())].sort();
}
