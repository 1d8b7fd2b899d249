import { Configuration } from './configuration';
import { RunnerCache, RunnerVolume } from 'cdktf-azure-gitlab';

/** Whole configurations, with all that they have at once. */
export const WHOLE: readonly Configuration[] = [
  {
    what: 'whole: an engine on the node that all jobs share by its socket',
    theirs: `
      environment = ["HOME=/tmp", "FF_GITLAB_REGISTRY_HELPER_IMAGE=1", "ENGINE_HOST=unix:///run/engine/engine.sock"]
      pre_build_script = "export PATH=\\"/tmp/bin:$PATH\\""
      [runners.kubernetes]
        pull_policy = "always"
        privileged = true
        [runners.kubernetes.affinity]
        [[runners.kubernetes.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_terms]]
          [[runners.kubernetes.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_terms.match_expressions]]
            key = "engine-node"
            operator = "In"
            values = ["true"]
        [runners.kubernetes.node_tolerations]
          "engine-node" = ""
        [runners.kubernetes.pod_security_context]
          run_as_non_root = false
          run_as_user = 0
        [[runners.kubernetes.volumes.host_path]]
          name = "engine"
          mount_path = "/run/engine"
          host_path = "/run/engine"`,
    ours: {
      environment: { HOME: '/tmp', FF_GITLAB_REGISTRY_HELPER_IMAGE: '1', ENGINE_HOST: 'unix:///run/engine/engine.sock' },
      runnerSettings: { pre_build_script: 'export PATH="/tmp/bin:$PATH"' },
      privileged: true,
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'engine-node', operator: 'In', values: ['true'] }] }] },
        },
      },
      tolerations: ['engine-node'],
      podSecurityContext: { runAsUser: 0, runAsNonRoot: false },
      volumes: [RunnerVolume.hostPath('engine', '/run/engine', '/run/engine')],
    },
  },
  {
    what: 'whole: jobs without root, with a bucket that a role of the manager opens',
    theirs: `
      limit = 40
      output_limit = 16384
      [runners.kubernetes]
        image = "registry.example.com/ci/base:2026.09"
        privileged = false
        allow_privilege_escalation = false
        automount_service_account_token = false
        cpu_request = "500m"
        cpu_limit = "2"
        cpu_limit_overwrite_max_allowed = "4"
        memory_request = "1Gi"
        memory_limit = "4Gi"
        memory_limit_overwrite_max_allowed = "8Gi"
        pull_policy = ["always"]
        [runners.kubernetes.node_selector]
          "workload" = "ci-build"
        [runners.kubernetes.pod_security_context]
          run_as_non_root = true
          run_as_user = 1000
      [runners.cache]
        Type = "s3"
        Shared = true
        [runners.cache.s3]
          ServerAddress = "s3.amazonaws.com"
          BucketName = "runner-cache"
          BucketLocation = "eu-west-1"
          AuthenticationType = "iam"`,
    ours: {
      limit: 40,
      outputLimitKb: 16_384,
      image: 'registry.example.com/ci/base:2026.09',
      buildResources: { cpuRequest: '500m', cpuLimit: '2', memoryRequest: '1Gi', memoryLimit: '4Gi' },
      nodeSelector: { workload: 'ci-build' },
      podSecurityContext: { runAsNonRoot: true, runAsUser: 1000 },
      cache: RunnerCache.s3({ bucketName: 'runner-cache', serverAddress: 's3.amazonaws.com', region: 'eu-west-1' }),
      kubernetesSettings: { cpu_limit_overwrite_max_allowed: '4', memory_limit_overwrite_max_allowed: '8Gi' },
    },
    job: { variables: { KUBERNETES_CPU_LIMIT: '3', KUBERNETES_MEMORY_LIMIT: '6Gi' } },
  },
  {
    what: 'whole: a small cluster of virtual machines with Docker beside each job',
    theirs: `
      [runners.kubernetes]
        image = "ubuntu:22.04"
        privileged = true
        cpu_request = "100m"
        cpu_limit = "1000m"
        memory_request = "128Mi"
        memory_limit = "1Gi"
        service_cpu_request = "100m"
        service_cpu_limit = "500m"
        service_memory_request = "128Mi"
        service_memory_limit = "512Mi"
        helper_cpu_request = "50m"
        helper_cpu_limit = "200m"
        helper_memory_request = "64Mi"
        helper_memory_limit = "256Mi"
        poll_timeout = 600
        [[runners.kubernetes.services]]
          name = "docker:24-dind"
          alias = "docker"
          command = ["dockerd-entrypoint.sh"]
        [[runners.kubernetes.volumes.empty_dir]]
          name = "docker-certs"
          mount_path = "/certs/client"
          medium = "Memory"
        [[runners.kubernetes.volumes.empty_dir]]
          name = "docker-cache"
          mount_path = "/var/lib/docker"
          medium = ""`,
    ours: {
      image: 'ubuntu:22.04',
      privileged: true,
      buildResources: { cpuRequest: '100m', cpuLimit: '1000m', memoryRequest: '128Mi', memoryLimit: '1Gi' },
      serviceResources: { cpuRequest: '100m', cpuLimit: '500m', memoryRequest: '128Mi', memoryLimit: '512Mi' },
      helperResources: { cpuRequest: '50m', cpuLimit: '200m', memoryRequest: '64Mi', memoryLimit: '256Mi' },
      pollTimeoutSeconds: 600,
      kubernetesSettings: { services: [{ name: 'docker:24-dind', alias: 'docker', command: ['dockerd-entrypoint.sh'] }] },
      volumes: [RunnerVolume.memory('docker-certs', '/certs/client'), RunnerVolume.emptyDir('docker-cache', '/var/lib/docker')],
    },
  },
  {
    what: 'whole: Maven with the node\'s Docker and a claim, as `register` writes it with its empty texts',
    theirs: `
      output_limit = 4096
      request_concurrency = 1
      [runners.custom_build_dir]
      [runners.cache]
        [runners.cache.s3]
        [runners.cache.gcs]
        [runners.cache.azure]
      [runners.kubernetes]
        host = ""
        bearer_token_overwrite_allowed = false
        image = "ubuntu:16.04"
        namespace_overwrite_allowed = ""
        node_selector_overwrite_allowed = ""
        pod_labels_overwrite_allowed = ""
        privileged = true
        poll_timeout = 180
        service_account = "maven"
        service_account_overwrite_allowed = ""
        pod_annotations_overwrite_allowed = ""
        [runners.kubernetes.pod_security_context]
        [runners.kubernetes.init_permissions_container_security_context]
        [runners.kubernetes.build_container_security_context]
        [runners.kubernetes.dns_config]
        [runners.kubernetes.volumes]
        [[runners.kubernetes.volumes.pvc]]
          name = "maven"
          mount_path = "/home/cache/maven"
        [[runners.kubernetes.volumes.host_path]]
          name = "docker"
          mount_path = "/var/run/docker.sock"`,
    ours: {
      image: 'ubuntu:16.04',
      privileged: true,
      requestConcurrency: 1,
      pollTimeoutSeconds: 180,
      jobServiceAccount: { name: 'maven' },
      volumes: [RunnerVolume.persistentVolumeClaim('maven', '/home/cache/maven'), RunnerVolume.hostPath('docker', '/var/run/docker.sock', '/var/run/docker.sock')],
      kubernetesSettings: {
        host: '',
        bearer_token_overwrite_allowed: false,
        namespace_overwrite_allowed: '',
        node_selector_overwrite_allowed: '',
        pod_labels_overwrite_allowed: '',
        service_account_overwrite_allowed: '',
        pod_annotations_overwrite_allowed: '',
        init_permissions_container_security_context: {},
        build_container_security_context: {},
        dns_config: {},
      },
    },
  },
  {
    what: 'whole: nodes that are meant for it rather than others, and one cache for all runners',
    theirs: `
      [runners.kubernetes]
        image = "ubuntu:18.04"
        privileged = true
        service_account = "ci"
        poll_timeout = 360
        [[runners.kubernetes.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution]]
          weight = 20
          [[runners.kubernetes.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution.preference.match_expressions]]
            key = "usage-intention"
            operator = "In"
            values = ["ci"]
      [[runners.kubernetes.volumes.empty_dir]]
        name = "docker-certs"
        mount_path = "/certs/client"
        medium = "Memory"
      [runners.cache]
        Type = "s3"
        Path = "runner"
        Shared = true
        [runners.cache.s3]
          ServerAddress = "s3.amazonaws.com"
          BucketName = "caches"
          BucketLocation = "us-east-2"`,
    ours: {
      image: 'ubuntu:18.04',
      privileged: true,
      jobServiceAccount: { name: 'ci' },
      pollTimeoutSeconds: 360,
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 20, preference: { matchExpressions: [{ key: 'usage-intention', operator: 'In', values: ['ci'] }] } },
          ],
        },
      },
      volumes: [RunnerVolume.memory('docker-certs', '/certs/client')],
      cache: RunnerCache.s3({ bucketName: 'caches', serverAddress: 's3.amazonaws.com', region: 'us-east-2' }),
      runnerSettings: { cache: { Path: 'runner' } },
    },
  },
];
