import type * as Api from '../../../src';

/** A values file, and what is written here instead. */
export interface Example {
  readonly gitlabUrl?: string;
  readonly props: Api.RunnerManagerOptions & Api.JoinedRunnerOptions;
  /** Paths whose values are others than the chart's, and why. */
  readonly different?: { readonly [path: string]: string };
}

const CONTEXT = 'config.runner.kubernetes';

/** By the names of the files, of the sources or of the packed package. */
export function examples(api: typeof Api): { readonly [file: string]: Example } {
  const { RunnerCache, RunnerLogFormat, RunnerLogLevel, RunnerPodMonitor, RunnerPullPolicy, RunnerSecret, RunnerVolume } = api;
  const token = tokens(api);
  return {
    'docker-in-docker': {
      gitlabUrl: 'https://gitlab.com',
      props: {
        token: token('project-runner'),
        concurrent: 200,
        limit: 100,
        environment: {
          DOCKER_HOST: 'tcp://docker:2376', DOCKER_TLS_CERTDIR: '/certs', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/certs/client',
        },
        image: 'ubuntu:24.04',
        privileged: true,
        pollTimeoutSeconds: 1200,
        buildResources: { cpuRequest: '0.5' },
        helperResources: { cpuRequest: '0.25' },
        serviceResources: { cpuRequest: '0.5' },
        nodeSelector: { agentpool: 'jobs' },
        volumes: [RunnerVolume.memory('docker-certs', '/certs/client')],
        kubernetesSettings: { cpu_request_overwrite_max_allowed: '7', memory_request_overwrite_max_allowed: '30Gi' },
      },
    },
    'mirrors': {
      props: {
        token: token('fleet-runner'),
        managerImage: 'mirror.example.com/gitlab/gitlab-org/gitlab-runner:alpine-v19.4.0',
        managerImagePullSecrets: ['mirror'],
        managerServiceAccount: { name: 'fleet', creationEnabled: false },
        jobServiceAccount: { name: 'fleet-jobs', creationEnabled: false },
        managerReplicas: 3,
        managerEnvironment: { NO_PROXY: '.example.com' },
        managerEnvironmentSecrets: { HTTPS_PROXY: RunnerSecret.kubernetesSecret('proxy', 'url') },
        managerPodVolumes: { authorities: { emptyDir: { sizeLimit: '10Mi' } } },
        managerVolumes: {
          '/etc/ssl/own': { name: 'authorities', readOnly: true }, '/etc/own/hosts': { configMap: { name: 'hosts' }, subPath: 'hosts' },
        },
        managerInitContainers: [
          { name: 'authorities', image: 'mirror.example.com/authorities:1', volumeMounts: [{ name: 'authorities', mountPath: '/authorities' }] },
        ],
        managerContainers: [{
          name: 'exporter', image: 'mirror.example.com/exporter:1', args: ['--folder=/authorities'], volumeMounts: [{ name: 'authorities', mountPath: '/authorities' }],
        }],
        caCertificateSecret: RunnerSecret.kubernetesSecret('gitlab-authority', 'gitlab.example.com.crt'),
        sentryDsn: RunnerSecret.kubernetesSecret('sentry', 'dsn'),
        cache: RunnerCache.s3({
          bucketName: 'runner-cache',
          serverAddress: 's3.example.com',
          region: 'eu-central-1',
          accessKeyId: RunnerSecret.kubernetesSecret('bucket', 'accesskey'),
          secretAccessKey: RunnerSecret.kubernetesSecret('bucket', 'secretkey'),
        }),
        concurrent: 30,
        image: 'mirror.example.com/docker/library/alpine:3.22',
        imagePullSecrets: ['mirror'],
        runnerSettings: { builds_dir: '/work', cache: { Path: 'fleet' } },
        buildResources: { cpuRequest: '2', memoryRequest: '4Gi', memoryLimit: '4Gi' },
        serviceResources: { cpuRequest: '1', memoryRequest: '2Gi', memoryLimit: '2Gi' },
        volumes: [RunnerVolume.secret('gitlab-authority', '/etc/gitlab-runner/certs'), RunnerVolume.ephemeralClaim('builds', '/work', '100Gi')],
        kubernetesSettings: {
          helper_image: 'mirror.example.com/gitlab/gitlab-org/gitlab-runner/gitlab-runner-helper:x86_64-v19.4.0',
          cpu_request_overwrite_max_allowed: '10',
          memory_request_overwrite_max_allowed: '1Ti',
          memory_limit_overwrite_max_allowed: '1Ti',
          helper_cpu_request_overwrite_max_allowed: '10',
          helper_memory_request_overwrite_max_allowed: '1Ti',
          helper_memory_limit_overwrite_max_allowed: '1Ti',
          service_memory_limit_overwrite_max_allowed: '1Ti',
        },
      },
      different: {
        'config.sentry_dsn': 'it has a key in it, and comes from a Secret',
        'config.runner.cache.s3.Insecure': 'false is what the runner takes',
        'pod.env.NO_PROXY': 'the API server is reached without the proxy too',
        'config.runner.environment[FF_USE_ADVANCED_POD_SPEC_CONFIGURATION=true]': 'the flag is on by itself where it is needed',
        [`${CONTEXT}.pod_spec.0.name`]: 'the volume is mounted by the runner, so that the patch makes a claim of it and no more',
        [`${CONTEXT}.pod_spec.0.patch`]: 'as above',
        [`${CONTEXT}.volumes.empty_dir.0.name`]: 'as above',
        [`${CONTEXT}.volumes.empty_dir.0.mount_path`]: 'as above',
      },
    },
    'signing': {
      props: {
        token: token('group-runner'),
        concurrent: 20,
        checkIntervalSeconds: 30,
        gracefulStopSeconds: 21_600,
        managerServiceAccount: { name: 'runner', creationEnabled: false },
        managerNodeSelector: { 'example.com/node-pool': 'base' },
        managerResources: { memoryRequest: '500M' },
        managerPodAnnotations: { 'karpenter.sh/do-not-disrupt': 'true' },
        jobNamespace: 'pipeline',
        jobServiceAccount: { name: 'signer', creationEnabled: false },
        outputLimitKb: 20_480,
        runnerSettings: {
          pre_build_script: [
            '  for python in python3 python; do',
            '    if command -v "$python" > /dev/null; then export PYTHON="$(command -v "$python")"; break; fi',
            '  done',
            '  test -n "${PYTHON:-}"',
            '  ',
          ].join('\n'),
        },
        environment: { FF_GITLAB_REGISTRY_HELPER_IMAGE: '1' },
        image: 'ghcr.io/example/signer:1.4.0',
        allowedImages: ['ghcr.io/example/signer:*', 'ghcr.io/example/signer@*'],
        allowedServices: [],
        buildResources: { cpuRequest: '10', cpuLimit: '10', memoryRequest: '8G', memoryLimit: '64G' },
        helperResources: { memoryRequest: '512M' },
        nodeSelector: { 'kubernetes.io/arch': 'amd64' },
        tolerations: ['example.com/signer=true:NoSchedule'],
        podAnnotations: { 'example.com/lifetime': '7h', 'gitlab/job_url': '$CI_JOB_URL' },
        podLabels: { 'example.com/runner': 'true', 'gitlab/job_id': '$CI_JOB_ID' },
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{
                matchExpressions: [
                  { key: 'example.com/x86_64', operator: 'In', values: ['v3', 'v4'] }, { key: 'example.com/pipeline', operator: 'Exists' },
                ],
              }],
            },
            preferredDuringSchedulingIgnoredDuringExecution: ['v3', 'v4'].map((level, index) => ({
              weight: 2 - index, preference: { matchExpressions: [{ key: 'example.com/x86_64', operator: 'In', values: [level] }] },
            })),
          },
          podAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{
              weight: 4,
              podAffinityTerm: {
                topologyKey: 'topology.kubernetes.io/zone',
                labelSelector: { matchExpressions: [{ key: 'example.com/runner', operator: 'In', values: ['true'] }] },
              },
            }],
          },
        },
        volumes: [RunnerVolume.secret('encrypted-signing-key', '/mnt/keys/signing', { readOnly: true }), RunnerVolume.memory('gnupg', '/mnt/gnupg')],
      },
    },
    'arm': {
      props: {
        token: token('arm-runner'),
        managerReplicas: 2,
        concurrent: 30,
        logLevel: RunnerLogLevel.WARN,
        logFormat: RunnerLogFormat.JSON,
        managerNodeSelector: { 'kubernetes.azure.com/mode': 'system' },
        managerTolerations: ['dedicated=ops:NoSchedule'],
        requestConcurrency: 2,
        runnerSettings: { shell: 'bash' },
        featureFlags: { FF_PRINT_POD_EVENTS: true, FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR: true },
        image: 'arm64v8/debian:13',
        pullPolicies: [RunnerPullPolicy.ALWAYS, RunnerPullPolicy.IF_NOT_PRESENT],
        buildResources: { cpuRequest: '750m', memoryRequest: '2G', memoryLimit: '96G', ephemeralStorageRequest: '500M' },
        nodeSelector: { 'kubernetes.io/arch': 'arm64' },
        tolerations: ['arch=arm64:NoSchedule', 'spot'],
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { 'example.com/alone': 'true' } } },
            ],
          },
        },
        volumes: [
          RunnerVolume.persistentVolumeClaim('cache-$CI_CONCURRENT_ID', '/cache'),
          RunnerVolume.configMap('npmrc', '/etc/npm', { items: { npmrc: '.npmrc' } }),
        ],
        kubernetesSettings: {
          helper_image_flavor: 'ubuntu',
          node_selector_overwrite_allowed: 'example.com/size=.*',
          pod_annotations_overwrite_allowed: 'team/.*',
          cpu_request_overwrite_max_allowed: '16',
          cpu_limit_overwrite_max_allowed: '32',
          memory_request_overwrite_max_allowed: '64G',
          memory_limit_overwrite_max_allowed: '96G',
          ephemeral_storage_request_overwrite_max_allowed: '50G',
          resource_availability_check_max_attempts: 5,
        },
      },
      different: {
        [`${CONTEXT}.node_selector_overwrite_allowed`]: 'anchored: a job has to match all of it',
        [`${CONTEXT}.pod_annotations_overwrite_allowed`]: 'anchored: a job has to match all of it',
      },
    },
    'image-builds': {
      props: {
        token: token('image-runner'),
        managerReplicas: 3,
        concurrent: 3,
        managerPriorityClassName: 'high',
        podMonitor: RunnerPodMonitor.PROMETHEUS_OPERATOR,
        podMonitorLabels: { release: 'kube-prometheus-stack' },
        runnerSettings: { connection_max_age: '10m', clone_url: 'https://gitlab.internal.example.com' },
        image: 'alpine:3.22',
        pollTimeoutSeconds: 600,
        cleanupGracePeriodSeconds: 30,
        podTerminationGracePeriodSeconds: 10,
        nodeSelector: { role: 'ci-build' },
        tolerations: ['dedicated=ci-build:NoSchedule'],
        volumes: [RunnerVolume.emptyDir('docker-data', '/var/lib/docker', '50Gi')],
        kubernetesSettings: {
          poll_interval: 5,
          service_container_security_context: { privileged: true, allow_privilege_escalation: true },
          services: [
            { name: 'docker:29-dind', alias: 'docker', command: ['--registry-mirror', 'https://mirror.example.com'], environment: ['DOCKER_TLS_CERTDIR='] },
          ],
        },
      },
      different: { 'pod.revisionHistoryLimit': 'always 3' },
    },
    'locked-down': {
      gitlabUrl: 'https://gitlab.internal',
      props: {
        token: token('closed-runner'),
        hostAliases: { '10.20.0.4': ['gitlab.internal', 'registry.gitlab.internal'] },
        managerEnvironment: { HTTPS_PROXY: 'http://proxy.internal:3128', NO_PROXY: '.internal' },
        managerVolumes: { '/home/gitlab-runner/.docker': { secret: { secretName: 'registries' } } },
        managerServiceAccount: { podLabels: { team: 'ci' } },
        environment: { HOME: '/build_home', HTTPS_PROXY: 'http://proxy.internal:3128', NO_PROXY: '.internal' },
        runnerSettings: { post_build_script: 'echo done' },
        image: 'registry.gitlab.internal/base:1',
        allowedImages: ['registry.gitlab.internal/*'],
        allowedPullPolicies: [RunnerPullPolicy.ALWAYS, RunnerPullPolicy.IF_NOT_PRESENT],
        priorityClassName: 'ci',
        podSecurityContext: { runAsNonRoot: true, runAsUser: 1001, runAsGroup: 1001, fsGroup: 1001, supplementalGroups: [2000] },
        volumes: [RunnerVolume.emptyDir('repo', '/builds'), RunnerVolume.emptyDir('build-home', '/build_home'), RunnerVolume.emptyDir('tmp', '/tmp')],
        kubernetesSettings: {
          dns_policy: 'none',
          dns_config: { nameservers: ['10.20.0.10', '10.20.0.11'], searches: ['internal'], options: [{ name: 'ndots', value: '2' }] },
          cap_drop: ['ALL'],
          scripts_base_dir: '/tmp',
          logs_base_dir: '/tmp',
          runtime_class_name: 'kata-vm-isolation',
          build_container_security_context: { read_only_root_filesystem: true },
          helper_container_security_context: { read_only_root_filesystem: true },
        },
      },
      different: { 'pod.env.NO_PROXY': 'the API server is reached without the proxy too' },
    },
    'code-quality': {
      gitlabUrl: 'https://gitlab.example.com/gitlab',
      props: {
        token: token('quality-runner'),
        concurrent: 4,
        shutdownTimeoutSeconds: 60,
        managerServiceAccount: { name: 'quality', annotations: { 'azure.workload.identity/client-id': '00000000-0000-0000-0000-000000000001' } },
        outputLimitKb: 200_960,
        runnerSettings: { custom_build_dir: { enabled: true } },
        image: 'ubuntu:22.04',
        pullPolicies: [RunnerPullPolicy.IF_NOT_PRESENT],
        volumes: [
          RunnerVolume.emptyDir('docker-sock', '/var/run/'),
          RunnerVolume.hostPath('modules', '/lib/modules', '/lib/modules', { readOnly: true }),
          RunnerVolume.csi('files', '/files', 'file.csi.azure.com', { shareName: 'quality', secretName: 'storage-key' }),
          RunnerVolume.nfs('reports', '/reports', '10.20.0.9', '/reports'),
        ],
        kubernetesSettings: {
          helper_image_flavor: 'ubuntu',
          namespace_per_job: false,
          retry_limit: 8,
          retry_limits: { 'TLS handshake timeout': 20 },
          service_container_security_context: { privileged: true, allow_privilege_escalation: true },
          container_lifecycle: { pre_stop: { exec: { command: ['sh', '-c', 'sync'] } } },
          services: [{
            name: 'docker:29-dind', alias: 'dind', entrypoint: ['dockerd'], command: ['--host=tcp://0.0.0.0:2375', '--host=unix://var/run/docker.sock'],
          }],
        },
      },
      different: {
        [`${CONTEXT}.pull_policy`]: 'a list of one, which the runner takes for the same',
        [`${CONTEXT}.pull_policy[if-not-present]`]: 'as above',
      },
    },
  };
}

/** Jobs on Windows: what comes closest. */
export const windows = (api: typeof Api): Example['props'] => ({
  token: tokens(api)('group-runner'),
  concurrent: 20,
  checkIntervalSeconds: 30,
  gracefulStopSeconds: 21_600,
  managerNodeSelector: { 'example.com/node-pool': 'base' },
  outputLimitKb: 20_480,
  runnerSettings: { shell: 'powershell' },
  featureFlags: { FF_USE_POWERSHELL_PATH_RESOLVER: true },
  image: 'mcr.microsoft.com/windows/servercore:ltsc2022',
  pollTimeoutSeconds: 1800,
  nodeSelector: { 'kubernetes.io/os': 'windows', 'node.kubernetes.io/windows-build': '10.0.20348' },
  tolerations: ['windows=true:NoSchedule'],
  kubernetesSettings: { helper_image: 'registry.gitlab.com/gitlab-org/gitlab-runner/gitlab-runner-helper:x86_64-v19.4.0-servercore21H2' },
});

function tokens({ RunnerToken }: typeof Api): (secret: string) => Api.RunnerToken {
  return (secret) => RunnerToken.kubernetesSecret(secret, 'runner-token');
}
