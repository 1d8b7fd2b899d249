import { Configuration, FLAG } from './configuration';

const PATCHES = { FF_USE_ADVANCED_POD_SPEC_CONFIGURATION: true };

/** What containers ask for. */
export const RESOURCES: readonly Configuration[] = [
  {
    what: 'requests and limits of each kind of container',
    theirs: `
      [runners.kubernetes]
        cpu_request = "500m"
        cpu_limit = "2"
        memory_request = "1Gi"
        memory_limit = "12Gi"
        ephemeral_storage_request = "1Gi"
        ephemeral_storage_limit = "8Gi"
        helper_cpu_request = "100m"
        helper_cpu_limit = "500m"
        helper_memory_request = "128Mi"
        helper_memory_limit = "512Mi"
        helper_ephemeral_storage_request = "128Mi"
        helper_ephemeral_storage_limit = "1Gi"
        service_cpu_request = "200m"
        service_memory_request = "200Mi"
        service_memory_limit = "1Gi"`,
    ours: {
      buildResources: {
        cpuRequest: '500m', cpuLimit: '2', memoryRequest: '1Gi', memoryLimit: '12Gi', ephemeralStorageRequest: '1Gi', ephemeralStorageLimit: '8Gi',
      },
      helperResources: {
        cpuRequest: '100m', cpuLimit: '500m', memoryRequest: '128Mi', memoryLimit: '512Mi', ephemeralStorageRequest: '128Mi', ephemeralStorageLimit: '1Gi',
      },
      serviceResources: { cpuRequest: '200m', memoryRequest: '200Mi', memoryLimit: '1Gi' },
    },
    job: { services: [{ name: 'postgres:17' }] },
  },
  {
    what: 'a job that asks for more',
    theirs: `
      [runners.kubernetes]
        cpu_request = "500m"
        cpu_limit = "1"
        cpu_request_overwrite_max_allowed = "2"
        cpu_limit_overwrite_max_allowed = "4"
        memory_request = "2Gi"
        memory_limit = "4Gi"
        memory_request_overwrite_max_allowed = "4Gi"
        memory_limit_overwrite_max_allowed = "6Gi"`,
    ours: {
      buildResources: { cpuRequest: '500m', cpuLimit: '1', memoryRequest: '2Gi', memoryLimit: '4Gi' },
      kubernetesSettings: {
        cpu_request_overwrite_max_allowed: '2', cpu_limit_overwrite_max_allowed: '4', memory_request_overwrite_max_allowed: '4Gi', memory_limit_overwrite_max_allowed: '6Gi',
      },
    },
    job: { variables: { KUBERNETES_CPU_REQUEST: '2', KUBERNETES_CPU_LIMIT: '3', KUBERNETES_MEMORY_REQUEST: '3Gi', KUBERNETES_MEMORY_LIMIT: '5Gi' } },
  },
  {
    what: 'a service that asks for more than the others',
    theirs: `
      [runners.kubernetes]
        service_cpu_request = "100m"
        service_cpu_request_overwrite_max_allowed = "3"
        service_memory_limit = "1Gi"
        service_memory_limit_overwrite_max_allowed = "4Gi"`,
    ours: {
      serviceResources: { cpuRequest: '100m', memoryLimit: '1Gi' },
      kubernetesSettings: { service_cpu_request_overwrite_max_allowed: '3', service_memory_limit_overwrite_max_allowed: '4Gi' },
    },
    job: {
      services: [
        { name: 'redis:8', alias: 'cache', variables: [{ key: 'KUBERNETES_SERVICE_CPU_REQUEST', value: '2' }, { key: 'KUBERNETES_SERVICE_MEMORY_LIMIT', value: '3Gi' }] },
        { name: 'postgres:17', alias: 'db' },
      ],
    },
  },
  {
    what: 'requests and limits of the whole pod',
    theirs: `
      [runners.kubernetes]
        pod_cpu_request = "1"
        pod_cpu_limit = "4"
        pod_memory_request = "2Gi"
        pod_memory_limit = "8Gi"`,
    ours: { kubernetesSettings: { pod_cpu_request: '1', pod_cpu_limit: '4', pod_memory_request: '2Gi', pod_memory_limit: '8Gi' } },
  },
  {
    what: 'a GPU by a patch',
    theirs: `${FLAG}
      [[runners.kubernetes.pod_spec]]
        name = "gpu"
        patch_type = "strategic"
        patch = '''
          containers:
          - name: build
            resources:
              requests: { nvidia.com/gpu: 1 }
              limits: { nvidia.com/gpu: 1 }
        '''`,
    ours: { gpus: 1 },
  },
  {
    what: 'a device for containers in containers by a patch',
    theirs: `${FLAG}
      [[runners.kubernetes.pod_spec]]
        name = "device-fuse"
        patch_type = "strategic"
        patch = '''
          containers:
            - name: build
              resources:
                limits:
                  github.com/fuse: 1
        '''`,
    ours: {
      featureFlags: PATCHES,
      kubernetesSettings: {
        pod_spec: [{ name: 'device-fuse', patch: '{ containers: [{ name: build, resources: { limits: { github.com/fuse: 1 } } }] }' }],
      },
    },
  },
  {
    what: 'patches of all three kinds, one after the other',
    theirs: `${FLAG}
      [[runners.kubernetes.pod_spec]]
        name = "hostname"
        patch_type = "merge"
        patch = "hostname: custom-pod-hostname"
      [[runners.kubernetes.pod_spec]]
        name = "subdomain"
        patch = "subdomain: subdomain"
      [[runners.kubernetes.pod_spec]]
        name = "grace"
        patch_type = "json"
        patch = '[{"op": "add", "path": "/terminationGracePeriodSeconds", "value": 60}]'`,
    ours: {
      kubernetesSettings: {
        pod_spec: [
          { name: 'hostname', patch_type: 'merge', patch: 'hostname: custom-pod-hostname' },
          { name: 'subdomain', patch: 'subdomain: subdomain' },
          { name: 'grace', patch_type: 'json', patch: '[{"op": "add", "path": "/terminationGracePeriodSeconds", "value": 60}]' },
        ],
      },
    },
  },
  {
    what: 'times to end, and to be there at most',
    theirs: `
      [runners.kubernetes]
        pod_termination_grace_period_seconds = 5
        cleanup_grace_period_seconds = 10
        [runners.feature_flags]
          FF_USE_POD_ACTIVE_DEADLINE_SECONDS = true
          FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR = true
          FF_KUBERNETES_HONOR_ENTRYPOINT = true
          FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR = true`,
    ours: {
      podTerminationGracePeriodSeconds: 5,
      cleanupGracePeriodSeconds: 10,
      featureFlags: {
        FF_USE_POD_ACTIVE_DEADLINE_SECONDS: true,
        FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR: true,
        FF_KUBERNETES_HONOR_ENTRYPOINT: true,
        FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR: true,
      },
    },
  },
];
