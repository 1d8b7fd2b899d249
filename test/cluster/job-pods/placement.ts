import { Configuration, FLAG } from './configuration';

const EXISTS = (key: string) => ({ key, operator: 'Exists' });

/** Where jobs run, and what they are called. */
export const PLACEMENT: readonly Configuration[] = [
  {
    what: 'taints in all spellings',
    theirs: `
      [runners.kubernetes.node_selector]
        gitlab = "true"
      [runners.kubernetes.node_tolerations]
        "node-role.kubernetes.io/master" = "NoSchedule"
        "custom.toleration=value" = "NoSchedule"
        "empty.value=" = "PreferNoSchedule"
        "onlyKey" = ""`,
    ours: {
      nodeSelector: { gitlab: 'true' },
      tolerations: ['node-role.kubernetes.io/master:NoSchedule', 'custom.toleration=value:NoSchedule', 'empty.value=:PreferNoSchedule', 'onlyKey'],
    },
  },
  {
    what: 'nodes that are preferred, and nodes that are left out',
    theirs: `
      [runners.kubernetes.affinity.node_affinity]
        [[runners.kubernetes.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution]]
          weight = 100
          [[runners.kubernetes.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_expressions]]
            key = "cpu_speed"
            operator = "In"
            values = ["fast"]
        [[runners.kubernetes.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution]]
          weight = 50
          [[runners.kubernetes.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_fields]]
            key = "metadata.name"
            operator = "NotIn"
            values = ["node-1"]
        [[runners.kubernetes.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_terms]]
          [[runners.kubernetes.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_terms.match_expressions]]
            key = "cores"
            operator = "Gt"
            values = ["4"]
          [[runners.kubernetes.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_terms.match_expressions]]
            key = "retired"
            operator = "DoesNotExist"`,
    ours: {
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 100, preference: { matchExpressions: [{ key: 'cpu_speed', operator: 'In', values: ['fast'] }] } },
            { weight: 50, preference: { matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['node-1'] }] } },
          ],
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'cores', operator: 'Gt', values: ['4'] }, { key: 'retired', operator: 'DoesNotExist' }] }],
          },
        },
      },
    },
  },
  {
    what: 'near some pods and away from others',
    theirs: `
      [[runners.kubernetes.affinity.pod_affinity.required_during_scheduling_ignored_during_execution]]
        topology_key = "topology.kubernetes.io/zone"
        namespaces = ["cache"]
        [runners.kubernetes.affinity.pod_affinity.required_during_scheduling_ignored_during_execution.label_selector.match_labels]
          "example.com/partOf" = "proxy"
      [[runners.kubernetes.affinity.pod_anti_affinity.preferred_during_scheduling_ignored_during_execution]]
        weight = 10
        [runners.kubernetes.affinity.pod_anti_affinity.preferred_during_scheduling_ignored_during_execution.pod_affinity_term]
          topology_key = "kubernetes.io/hostname"
          [[runners.kubernetes.affinity.pod_anti_affinity.preferred_during_scheduling_ignored_during_execution.pod_affinity_term.label_selector.match_expressions]]
            key = "heavy"
            operator = "Exists"
          [runners.kubernetes.affinity.pod_anti_affinity.preferred_during_scheduling_ignored_during_execution.pod_affinity_term.namespace_selector.match_labels]
            team = "ci"`,
    ours: {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'topology.kubernetes.io/zone', namespaces: ['cache'], labelSelector: { matchLabels: { 'example.com/partOf': 'proxy' } } },
          ],
        },
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{
            weight: 10,
            podAffinityTerm: {
              topologyKey: 'kubernetes.io/hostname',
              labelSelector: { matchExpressions: [EXISTS('heavy')] },
              namespaceSelector: { matchLabels: { team: 'ci' } },
            },
          }],
        },
      },
    },
  },
  {
    what: 'a scheduler, a priority and a runtime of their own',
    theirs: `
      [runners.kubernetes]
        scheduler_name = "bin-packing"
        priority_class_name = "ci"
        runtime_class_name = "gvisor"`,
    ours: { priorityClassName: 'ci', kubernetesSettings: { scheduler_name: 'bin-packing', runtime_class_name: 'gvisor' } },
  },
  {
    what: 'a job that chooses Arm64, whose helper is for it too',
    theirs: `
      [runners.kubernetes]
        node_selector_overwrite_allowed = "kubernetes.io/arch=.*"`,
    ours: { kubernetesSettings: { node_selector_overwrite_allowed: 'kubernetes.io/arch=.*' } },
    job: { variables: { KUBERNETES_NODE_SELECTOR_ARCH: 'kubernetes.io/arch=arm64' } },
  },
  {
    what: 'a job that chooses a taint',
    theirs: `
      [runners.kubernetes]
        node_tolerations_overwrite_allowed = ".*"
        [runners.kubernetes.node_tolerations]
          "ci" = "NoSchedule"`,
    ours: { tolerations: ['ci:NoSchedule'], kubernetesSettings: { node_tolerations_overwrite_allowed: '.*' } },
    job: { variables: { KUBERNETES_NODE_TOLERATIONS_GPU: 'gpu=true:NoSchedule' } },
  },
  {
    what: 'labels and annotations with what GitLab knows of the job',
    theirs: `
      [runners.kubernetes.pod_labels]
        "ci-project" = "$CI_PROJECT_NAME"
        "ci-branch" = "$CI_COMMIT_BRANCH"
        "azure.workload.identity/use" = "true"
      [runners.kubernetes.pod_annotations]
        "gitlab.com/pipeline-url" = "$CI_PIPELINE_URL"
        "gitlab.com/user" = "$GITLAB_USER_NAME"
        "cluster-autoscaler.kubernetes.io/safe-to-evict" = "false"`,
    ours: {
      podLabels: { 'ci-project': '$CI_PROJECT_NAME', 'ci-branch': '$CI_COMMIT_BRANCH', 'azure.workload.identity/use': 'true' },
      podAnnotations: {
        'gitlab.com/pipeline-url': '$CI_PIPELINE_URL', 'gitlab.com/user': '$GITLAB_USER_NAME', 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
      },
    },
    job: {
      variables: {
        CI_PROJECT_NAME: 'shop', CI_COMMIT_BRANCH: 'feature/a long name', CI_PIPELINE_URL: 'https://gitlab.example.com/platform/shop/-/pipelines/1', GITLAB_USER_NAME: 'Eva Muster',
      },
    },
  },
  {
    what: 'labels and annotations that a job chooses',
    theirs: `
      [runners.kubernetes]
        pod_labels_overwrite_allowed = "team=.*"
        pod_annotations_overwrite_allowed = "cost/.*"
        [runners.kubernetes.pod_annotations]
          "cost/center" = "none"`,
    ours: {
      podAnnotations: { 'cost/center': 'none' },
      kubernetesSettings: { pod_labels_overwrite_allowed: 'team=.*', pod_annotations_overwrite_allowed: 'cost/.*' },
    },
    job: { variables: { KUBERNETES_POD_LABELS_1: 'team=blue', KUBERNETES_POD_ANNOTATIONS_1: 'cost/center=42' } },
  },
  {
    what: 'a service account that a job chooses',
    theirs: `
      [runners.kubernetes]
        service_account = "ci"
        service_account_overwrite_allowed = "deploy-.*"`,
    ours: {
      managerServiceAccount: { name: 'manager' },
      jobNamespace: 'jobs',
      jobServiceAccount: { name: 'ci', creationEnabled: false },
      kubernetesSettings: { service_account_overwrite_allowed: 'deploy-.*' },
    },
    job: { variables: { KUBERNETES_SERVICE_ACCOUNT_OVERWRITE: 'deploy-shop' } },
  },
  {
    what: 'a namespace that a job chooses',
    theirs: `
      [runners.kubernetes]
        namespace_overwrite_allowed = "team-a|team-b"`,
    ours: { kubernetesSettings: { namespace_overwrite_allowed: 'team-a|team-b' } },
    job: { variables: { KUBERNETES_NAMESPACE_OVERWRITE: 'team-b' } },
  },
  {
    what: 'pods spread over zones by a patch',
    theirs: `${FLAG}
      [[runners.kubernetes.pod_spec]]
        name = "spread"
        patch_type = "strategic"
        patch = '''
          topologySpreadConstraints:
          - maxSkew: 1
            topologyKey: topology.kubernetes.io/zone
            whenUnsatisfiable: ScheduleAnyway
            labelSelector: { matchLabels: { ci: "true" } }
        '''`,
    ours: {
      kubernetesSettings: {
        pod_spec: [{
          name: 'spread',
          patch_type: 'strategic',
          patch: [
            'topologySpreadConstraints:',
            '- { maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { ci: "true" } } }',
          ].join('\n'),
        }],
      },
    },
  },
];
