import { RunnerOptions } from '../../../src/runner';
import { TOKEN, kinds, newChart, object, runner } from '../chart';

describe('the manager\'s rights', () => {
  const ALWAYS = {
    'pods': 'create delete get list watch',
    'pods/exec': 'create',
    'pods/attach': 'create',
    'pods/log': 'get',
    'secrets': 'create delete get update',
    'services': 'create get',
    'events': 'list',
  };
  const rights = (role: any) => Object.fromEntries(role.rules.map(({ apiGroups, resources, verbs }: any) =>
    [[...apiGroups, ...resources].filter((part) => part !== '').join('/'), verbs.join(' ')]));

  test.each<[string, RunnerOptions, { [resource: string]: string | undefined }]>([
    ['nothing else', {}, {}],
    ['the older way to run scripts', { featureFlags: { FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY: true } },
      { 'pods': 'create delete get list', 'pods/attach': undefined, 'pods/log': undefined }],
    ['images\' entrypoints', { featureFlags: { FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY: true, FF_KUBERNETES_HONOR_ENTRYPOINT: true } },
      { 'pods/attach': undefined }],
    ['a check that service account and pull secrets are there', { kubernetesSettings: { resource_availability_check_max_attempts: 3 } }, { serviceaccounts: 'get' }],
    ['pods that are waited for', { featureFlags: { FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY: true, FF_WAIT_FOR_POD_TO_BE_REACHABLE: true } },
      { 'pods': 'create delete get list', 'pods/attach': undefined, 'pods/log': 'get' }],
    ['concrete', { featureFlags: { FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY: true, FF_CONCRETE: true } },
      { 'pods': 'create delete get list', 'pods/attach': undefined, 'pods/log': 'get' }],
    ['events of pods', { featureFlags: { FF_PRINT_POD_EVENTS: true } }, { events: 'list watch' }],
    ['no warnings', { kubernetesSettings: { print_pod_warning_events: false } }, { events: undefined }],
    ['a disruption budget', { podDisruptionBudgetEnabled: true }, { 'policy/poddisruptionbudgets': 'create get' }],
    ['pause pods', { kubernetesSettings: { autoscaler: { policy: [{ idle_count: 1 }] } } }, { 'apps/deployments': 'create delete get list update' }],
    ['suspended environments', { featureFlags: { FF_SUSPENDABLE_ENVIRONMENTS: true } },
      { namespaces: 'get', configmaps: 'create delete get update', persistentvolumeclaims: 'create delete' }],
  ])('follow from %s', (_name, options, difference) => {
    const chart = newChart(options);
    expect(rights(object(chart, 'Role'))).toEqual(Object.fromEntries(Object.entries({ ...ALWAYS, ...difference }).filter(([, verbs]) => verbs)));
    expect(kinds(chart)).not.toContain('ClusterRole');
    expect(JSON.stringify(object(chart, 'Role').rules)).not.toContain('*');
  });

  test('hold in the whole cluster for namespaces of jobs\' own only', () => {
    const chart = newChart({ kubernetesSettings: { namespace_per_job: true } });
    expect(rights(object(chart, 'ClusterRole'))).toEqual({ ...ALWAYS, namespaces: 'create delete' });
    expect(object(chart, 'ClusterRole').metadata).toEqual({ name: 'gitlab-runner-gitlab-runner', labels: { 'app.kubernetes.io/name': 'gitlab-runner' } });
    expect(object(chart, 'ClusterRoleBinding').roleRef).toEqual({
      apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'gitlab-runner-gitlab-runner',
    });
    expect(kinds(chart)).not.toContain('Role');
    expect(runner(chart).kubernetes).not.toHaveProperty('service_account');

    const later = newChart();
    later.addRunner('second', TOKEN, { kubernetesSettings: { namespace_per_job: true } });
    expect(rights(object(later, 'ClusterRole'))).toEqual({ ...ALWAYS, namespaces: 'create delete' });
    expect(kinds(later).filter((kind) => /Role/.test(kind))).toEqual(['ClusterRole', 'ClusterRoleBinding']);
  });

  test('are those of all runners together', () => {
    const chart = newChart();
    chart.addRunner('second', TOKEN, { podDisruptionBudgetEnabled: true });
    expect(rights(object(chart, 'Role'))).toEqual({ ...ALWAYS, 'policy/poddisruptionbudgets': 'create get' });
  });

  test('pause pods rank below jobs without rights in the whole cluster', () => {
    const chart = newChart({ kubernetesSettings: { autoscaler: { policy: [{ idle_count: 2 }] } } });
    expect(object(chart, 'PriorityClass')).toMatchObject({ metadata: { name: 'gitlab-runner-pause-gitlab-runner' }, value: -1 });
    expect(object(chart, 'PriorityClass').metadata).not.toHaveProperty('namespace');
    expect(runner(chart).kubernetes.autoscaler).toEqual({
      pause_pod_priority_class_name: 'gitlab-runner-pause-gitlab-runner', policy: [{ idle_count: 2 }],
    });
  });
});
