import { Configuration, FLAG } from './configuration';
import { RunnerCache, RunnerPullPolicy, RunnerSecret, RunnerVolume } from 'cdktf-azure-gitlab';

/** Further ones, of teams that build, mount and patch. */
export const FURTHER: readonly Configuration[] = [
  {
    what: 'whole: a builder by its digest on tainted nodes of one architecture',
    theirs: `
      [runners.kubernetes]
        service_account = "builder"
        automount_service_account_token = false
        image = "docker.io/library/docker@sha256:${'0a'.repeat(32)}"
        privileged = true
        poll_interval = 3
        poll_timeout = 600
        cpu_request = "500m"
        cpu_limit = "2"
        memory_request = "1Gi"
        memory_limit = "4Gi"
        helper_cpu_request = "100m"
        helper_memory_request = "128Mi"
        helper_image_autoset_arch_and_os = true
        [runners.kubernetes.node_selector]
          "workload-type" = "ci-builder"
          "kubernetes.io/arch" = "amd64"
        [runners.kubernetes.node_tolerations]
          "ci-builder=true" = "NoSchedule"
          "node.kubernetes.io/unreachable" = "NoExecute"
        [[runners.kubernetes.volumes.empty_dir]]
          name = "docker-certs"
          mount_path = "/certs/client"
          medium = "Memory"`,
    ours: {
      jobServiceAccount: { name: 'builder' },
      image: `docker.io/library/docker@sha256:${'0a'.repeat(32)}`,
      privileged: true,
      pollTimeoutSeconds: 600,
      buildResources: { cpuRequest: '500m', cpuLimit: '2', memoryRequest: '1Gi', memoryLimit: '4Gi' },
      helperResources: { cpuRequest: '100m', memoryRequest: '128Mi' },
      nodeSelector: { 'workload-type': 'ci-builder', 'kubernetes.io/arch': 'amd64' },
      tolerations: ['ci-builder=true:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute'],
      volumes: [RunnerVolume.memory('docker-certs', '/certs/client')],
      kubernetesSettings: { poll_interval: 3, helper_image_autoset_arch_and_os: true },
    },
  },
  {
    what: 'whole: a namespace at the level "restricted", by patches too',
    theirs: `${FLAG}
      [runners.kubernetes]
        image = "registry.example.com/ci/base:1"
        allow_privilege_escalation = false
        scripts_base_dir = "/tmp"
        logs_base_dir = "/tmp"
        cpu_request = "500m"
        cpu_limit = "2"
        memory_request = "1Gi"
        memory_limit = "4Gi"
        ephemeral_storage_request = "1Gi"
        ephemeral_storage_limit = "8Gi"
        helper_cpu_request = "100m"
        helper_cpu_limit = "500m"
        helper_memory_request = "128Mi"
        helper_memory_limit = "512Mi"
        helper_ephemeral_storage_request = "128Mi"
        helper_ephemeral_storage_limit = "1Gi"
        cap_drop = ["ALL"]
        [runners.kubernetes.node_selector]
          "kubernetes.io/arch" = "arm64"
        [runners.kubernetes.pod_security_context]
          run_as_non_root = true
          run_as_user = 1001
          run_as_group = 1001
          fs_group = 1001
        [runners.kubernetes.build_container_security_context]
          run_as_non_root = true
          run_as_user = 1001
          run_as_group = 1001
        [[runners.kubernetes.pod_spec]]
          name = "seccomp"
          patch_type = "merge"
          patch = '{"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}'
        [[runners.kubernetes.pod_spec]]
          name = "home"
          patch_type = "strategic"
          patch = '''
            containers:
            - name: build
              env: [{ name: HOME, value: /home/ci }]
              volumeMounts: [{ name: home, mountPath: /home/ci }]
            volumes: [{ name: home, emptyDir: {} }]
          '''`,
    ours: {
      image: 'registry.example.com/ci/base:1',
      buildResources: {
        cpuRequest: '500m', cpuLimit: '2', memoryRequest: '1Gi', memoryLimit: '4Gi', ephemeralStorageRequest: '1Gi', ephemeralStorageLimit: '8Gi',
      },
      helperResources: {
        cpuRequest: '100m', cpuLimit: '500m', memoryRequest: '128Mi', memoryLimit: '512Mi', ephemeralStorageRequest: '128Mi', ephemeralStorageLimit: '1Gi',
      },
      nodeSelector: { 'kubernetes.io/arch': 'arm64' },
      podSecurityContext: { runAsNonRoot: true, runAsUser: 1001, runAsGroup: 1001, fsGroup: 1001 },
      kubernetesSettings: {
        scripts_base_dir: '/tmp',
        logs_base_dir: '/tmp',
        cap_drop: ['ALL'],
        build_container_security_context: { run_as_non_root: true, run_as_user: 1001, run_as_group: 1001 },
        pod_spec: [{
          name: 'home',
          patch: [
            'containers: [{ name: build, env: [{ name: HOME, value: /home/ci }], volumeMounts: [{ name: home, mountPath: /home/ci }] }]',
            'volumes: [{ name: home, emptyDir: {} }]',
          ].join('\n'),
        }],
      },
    },
  },
  {
    what: 'whole: images by a device of the node, where jobs choose nodes',
    theirs: `${FLAG}
      [runners.kubernetes]
        image = "registry.example.com/buildah:1"
        pod_termination_grace_period_seconds = 0
        cleanup_grace_period_seconds = 5
        node_selector_overwrite_allowed = ".*"
        allow_privilege_escalation = false
        [runners.kubernetes.pod_security_context]
          run_as_non_root = false
        [runners.kubernetes.build_container_security_context]
          run_as_user = 0
          run_as_group = 0
          [runners.kubernetes.build_container_security_context.capabilities]
            add = ["SETFCAP"]
        [[runners.kubernetes.pod_spec]]
          name = "device"
          patch_type = "strategic"
          patch = '''
            containers:
            - name: build
              resources: { limits: { example.com/fuse: 1 } }
          '''`,
    ours: {
      image: 'registry.example.com/buildah:1',
      podTerminationGracePeriodSeconds: 0,
      cleanupGracePeriodSeconds: 5,
      podSecurityContext: { runAsNonRoot: false },
      kubernetesSettings: {
        node_selector_overwrite_allowed: '.*',
        build_container_security_context: { run_as_user: 0, run_as_group: 0, capabilities: { add: ['SETFCAP'] } },
        pod_spec: [{ name: 'device', patch: 'containers: [{ name: build, resources: { limits: { example.com/fuse: 1 } } }]' }],
      },
    },
    job: { variables: { KUBERNETES_NODE_SELECTOR_POOL: 'pool=images' } },
  },
  {
    what: 'whole: sources on a disk of their own, and the authority of a private GitLab',
    theirs: `
      builds_dir = "/work"
      environment = ["GIT_SSL_CAINFO=/etc/gitlab-runner/certs/gitlab.example.com.crt"]${FLAG}
      [runners.kubernetes]
        image = "mirror.example.com/library/alpine"
        service_account = "jobs"
        [[runners.kubernetes.volumes.secret]]
          name = "gitlab-certificate"
          mount_path = "/etc/gitlab-runner/certs"
        [[runners.kubernetes.pod_spec]]
          name = "disk"
          patch = '''
            containers:
            - name: build
              volumeMounts: [{ name: builds, mountPath: /work }]
            - name: helper
              volumeMounts: [{ name: builds, mountPath: /work }]
            volumes:
            - name: builds
              ephemeral:
                volumeClaimTemplate:
                  spec:
                    storageClassName: managed-csi
                    accessModes: [ReadWriteOnce]
                    resources: { requests: { storage: 30Gi } }
          '''
          patch_type = "strategic"`,
    ours: {
      runnerSettings: { builds_dir: '/work' },
      environment: { GIT_SSL_CAINFO: '/etc/gitlab-runner/certs/gitlab.example.com.crt' },
      image: 'mirror.example.com/library/alpine',
      jobServiceAccount: { name: 'jobs' },
      volumes: [RunnerVolume.secret('gitlab-certificate', '/etc/gitlab-runner/certs'), RunnerVolume.ephemeralClaim('builds', '/work', '30Gi', 'managed-csi')],
    },
    different: { 'spec.initContainers.init-permissions.mounts./work': 'mounted by the runner, in all containers' },
  },
  {
    what: 'whole: what a module for Terraform makes of its variables',
    theirs: `
      [runners.cache]
        Type = "gcs"
        Path = "ci"
        Shared = true
        [runners.cache.gcs]
          BucketName = "caches"
          CredentialsFile = "/secrets/google.json"
      [runners.kubernetes]
        cpu_limit = "1"
        memory_limit = "2G"
        image = "debian:13"
        service_account = "ci-jobs"
        image_pull_secrets = ["regcred"]
        privileged = false
        pull_policy = ["if-not-present"]
        priority_class_name = "ci"
        [runners.kubernetes.affinity]
        [runners.kubernetes.node_selector]
        [runners.kubernetes.node_tolerations]
          "spot=true" = "NoSchedule"
        [runners.kubernetes.pod_labels]
          "app.kubernetes.io/component" = "ci"
        [runners.kubernetes.pod_annotations]
          "prometheus.io/scrape" = "true"
          "cluster-autoscaler.kubernetes.io/safe-to-evict" = "false"
        [runners.kubernetes.pod_security_context]
          fs_group = 999
          run_as_user = 1000
        [[runners.kubernetes.volumes.host_path]]
          name = "docker-socket"
          mount_path = "/var/run/docker.sock"
          read_only = true
          host_path = "/var/run/docker.sock"`,
    ours: {
      cache: RunnerCache.gcs({ bucketName: 'caches', credentials: RunnerSecret.kubernetesSecret('google', 'google.json') }),
      runnerSettings: { cache: { Path: 'ci' } },
      buildResources: { cpuLimit: '1', memoryLimit: '2G' },
      image: 'debian:13',
      jobServiceAccount: { name: 'ci-jobs' },
      imagePullSecrets: ['regcred'],
      pullPolicies: [RunnerPullPolicy.IF_NOT_PRESENT],
      priorityClassName: 'ci',
      tolerations: ['spot=true:NoSchedule'],
      podLabels: { 'app.kubernetes.io/component': 'ci' },
      podAnnotations: { 'prometheus.io/scrape': 'true', 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
      podSecurityContext: { fsGroup: 999, runAsUser: 1000 },
      volumes: [RunnerVolume.hostPath('docker-socket', '/var/run/docker.sock', '/var/run/docker.sock', { readOnly: true })],
    },
  },
];
