import { TerraformVariable } from 'cdktf';
import { GitLabVersion } from '../../../src/gitlab';
import { RunnerCache, RunnerLogFormat, RunnerLogLevel, RunnerPullPolicy, RunnerSeccompProfile, RunnerToken, RunnerVolume } from '../../../src/runner';
import { KUBERNETES_KEYS } from '../../../src/runner/job-pod/kubernetes-keys';
import { newStack } from '../../synth';
import { TOKEN, config, newChart, object, pod, runner, warnings } from '../chart';

describe('config.toml', () => {
  test('has the defaults of an expert', () => {
    const { runners: [entry], ...manager } = config(newChart());
    expect(manager).toEqual({ concurrent: 10, check_interval: 3, shutdown_timeout: 30, log_level: 'info', log_format: 'text', listen_address: ':9252' });
    expect(entry).toEqual({
      unhealthy_interval: '5m',
      name: 'ci',
      url: 'https://gitlab.example.com',
      token: '@text:/secrets/token-0/token@',
      executor: 'kubernetes',
      request_concurrency: 4,
      output_limit: 4096,
      feature_flags: { FF_HASH_CACHE_KEYS: true, FF_GIT_URLS_WITHOUT_TOKENS: true },
      kubernetes: {
        image: 'ubuntu:24.04',
        pull_policy: ['always'],
        privileged: false,
        allow_privilege_escalation: false,
        automount_service_account_token: false,
        poll_timeout: 600,
        print_pod_warning_events: true,
        cpu_request: '500m',
        memory_request: '1Gi',
        memory_limit: '4Gi',
        ephemeral_storage_request: '1Gi',
        ephemeral_storage_limit: '20Gi',
        helper_cpu_request: '100m',
        helper_memory_request: '256Mi',
        helper_memory_limit: '1Gi',
        helper_ephemeral_storage_request: '128Mi',
        helper_ephemeral_storage_limit: '4Gi',
        service_cpu_request: '100m',
        service_memory_request: '256Mi',
        service_memory_limit: '2Gi',
        service_ephemeral_storage_request: '128Mi',
        service_ephemeral_storage_limit: '20Gi',
        retry_limits: expect.objectContaining({ 'TLS handshake timeout': 10 }),
        pod_security_context: { seccomp_profile: { type: 'RuntimeDefault' } },
        namespace: 'gitlab-runner',
        service_account: 'gitlab-runner-job',
      },
    });
    expect(warnings(newChart())).toEqual([]);
  });

  test('has each prop under its name', () => {
    const chart = newChart({
      concurrent: 50,
      checkIntervalSeconds: 5,
      shutdownTimeoutSeconds: 60,
      logLevel: RunnerLogLevel.DEBUG,
      logFormat: RunnerLogFormat.JSON,
      limit: 20,
      requestConcurrency: 8,
      outputLimitKb: 100,
      environment: { HTTPS_PROXY: 'http://proxy:3128', QUOTED: 'a "b"\n$c ${d} %{e}' },
      featureFlags: { FF_TIMESTAMPS: true, FF_HASH_CACHE_KEYS: false },
      caCertificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      cache: RunnerCache.existingAzureBlob({ storageAccountName: 'acme', containerName: 'cache', storageDomain: 'blob.core.chinacloudapi.cn', shared: false }),
      image: 'alpine:3',
      allowedImages: ['alpine:*'],
      allowedServices: ['postgres:*'],
      pullPolicies: [RunnerPullPolicy.ALWAYS, RunnerPullPolicy.IF_NOT_PRESENT],
      allowedPullPolicies: [RunnerPullPolicy.IF_NOT_PRESENT, RunnerPullPolicy.ALWAYS],
      imagePullSecrets: ['registry'],
      buildResources: { cpuRequest: '1', cpuLimit: '2', memoryRequest: '8Gi', ephemeralStorageRequest: '1Gi', ephemeralStorageLimit: '10Gi' },
      serviceResources: { memoryLimit: '100Mi' },
      nodeSelector: { 'kubernetes.io/arch': 'amd64' },
      tolerations: ['sku=gpu:NoSchedule', 'dedicated:NoExecute', 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule'],
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { camelCase: 'x' } } }],
        },
      },
      podLabels: { team: 'a' },
      podAnnotations: { 'example.com/note': 'b' },
      podSecurityContext: { runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true, fsGroup: 1000, supplementalGroups: [5] },
      volumes: [
        RunnerVolume.emptyDir('scratch', '/scratch', '5Gi'), RunnerVolume.memory('shm', '/dev/shm'),
        RunnerVolume.persistentVolumeClaim('cache-$CI_CONCURRENT_ID', '/cache'), RunnerVolume.secret('s', '/s', { readOnly: true }),
        RunnerVolume.configMap('c', '/c', { subPath: 'x' }), RunnerVolume.csi('f', '/f', 'file.csi.azure.com', { shareName: 'ci' }),
      ],
      pollTimeoutSeconds: 900,
      podTerminationGracePeriodSeconds: 5,
      cleanupGracePeriodSeconds: 6,
      priorityClassName: 'jobs',
      podDisruptionBudgetEnabled: true,
      kubernetesSettings: { runtime_class_name: 'kata', retry_limits: { eof: 3 }, host_aliases: [{ ip: '10.0.0.1', hostnames: ['x'] }] },
    });
    const { runners: [entry], ...manager } = config(chart);
    expect(manager).toMatchObject({ concurrent: 50, check_interval: 5, shutdown_timeout: 60, log_level: 'debug', log_format: 'json' });
    expect(entry).toMatchObject({
      'limit': 20,
      'request_concurrency': 8,
      'output_limit': 100,
      'environment': expect.arrayContaining(['HTTPS_PROXY=http://proxy:3128', 'QUOTED=a "b"\n$c ${d} %{e}']),
      'feature_flags': { FF_TIMESTAMPS: true, FF_HASH_CACHE_KEYS: false, FF_GIT_URLS_WITHOUT_TOKENS: true },
      'tls-ca-file': '/config/ca.pem',
      'cache': { Type: 'azure', Shared: false, azure: { AccountName: 'acme', ContainerName: 'cache', StorageDomain: 'blob.core.chinacloudapi.cn' } },
    });
    expect(object(chart, 'ConfigMap').data['ca.pem']).toContain('AAAA');
    expect(entry.kubernetes).toMatchObject({
      image: 'alpine:3',
      allowed_images: ['alpine:*'],
      allowed_services: ['postgres:*'],
      pull_policy: ['always', 'if-not-present'],
      allowed_pull_policies: ['if-not-present', 'always'],
      image_pull_secrets: ['registry'],
      cpu_request: '1',
      cpu_limit: '2',
      memory_request: '8Gi',
      memory_limit: '8Gi',
      ephemeral_storage_request: '1Gi',
      ephemeral_storage_limit: '10Gi',
      service_memory_request: '100Mi',
      service_memory_limit: '100Mi',
      node_selector: { 'kubernetes.io/arch': 'amd64' },
      node_tolerations: { 'sku=gpu': 'NoSchedule', 'dedicated': 'NoExecute', 'kubernetes.azure.com/scalesetpriority=spot': 'NoSchedule' },
      affinity: {
        pod_anti_affinity: {
          required_during_scheduling_ignored_during_execution: [
            { topology_key: 'kubernetes.io/hostname', label_selector: { match_labels: { camelCase: 'x' } } },
          ],
        },
      },
      pod_labels: { team: 'a' },
      pod_annotations: { 'example.com/note': 'b' },
      pod_security_context: {
        run_as_user: 1000, run_as_group: 1000, run_as_non_root: true, fs_group: 1000, supplemental_groups: [5], seccomp_profile: { type: 'RuntimeDefault' },
      },
      volumes: {
        empty_dir: [{ name: 'scratch', mount_path: '/scratch', size_limit: '5Gi' }, { name: 'shm', mount_path: '/dev/shm', medium: 'Memory' }],
        pvc: [{ name: 'cache-$CI_CONCURRENT_ID', mount_path: '/cache' }],
        secret: [{ name: 's', mount_path: '/s', read_only: true }],
        config_map: [{ name: 'c', mount_path: '/c', sub_path: 'x' }],
        csi: [{ name: 'f', mount_path: '/f', driver: 'file.csi.azure.com', volume_attributes: { shareName: 'ci' } }],
      },
      poll_timeout: 900,
      pod_termination_grace_period_seconds: 5,
      cleanup_grace_period_seconds: 6,
      priority_class_name: 'jobs',
      pod_disruption_budget: true,
      runtime_class_name: 'kata',
      retry_limits: { eof: 3 },
      host_aliases: [{ ip: '10.0.0.1', hostnames: ['x'] }],
    });
    for (const key of Object.keys(entry.kubernetes)) {
      expect(KUBERNETES_KEYS).toHaveProperty([key]);
    }
  });

  test('says nothing of what belongs to the runner\'s creation in GitLab', () => {
    const text = object(newChart(), 'ConfigMap').data['config.template.toml'];
    expect(text).not.toMatch(/tag|untagged|locked|paused|maximum_timeout/);
  });

  test('holds several runners of one manager', () => {
    const chart = newChart({ concurrent: 1 });
    chart.addRunner('gpu', RunnerToken.kubernetesSecret('gpu-token'), { tolerations: ['sku=gpu:NoSchedule'] });
    expect(config(chart).runners.map((entry: any) => [entry.name, entry.token])).toEqual([
      ['ci', '@text:/secrets/token-0/token@'], ['gpu', '@text:/secrets/token-1/token@'],
    ]);
    expect(warnings(chart)).toEqual(['concurrent: 1 is less than the number of runners, so that some wait for others; raise it']);
    expect(() => chart.addRunner('gpu', TOKEN)).toThrow(new Error('id: another runner has this name already, got "gpu"; take another (at ci)'));
  });

  test('leaves out what an older runner does not know', () => {
    const chart = newChart({ runnerVersion: GitLabVersion.of('18.9.2') });
    expect(runner(chart).kubernetes).not.toHaveProperty('pod_security_context');
    expect(pod(chart).spec.containers[0].image).toBe('registry.gitlab.com/gitlab-org/gitlab-runner:alpine-v18.9.2');
  });

  test('is patch 0 of a minor version', () => {
    const image = (runnerVersion: GitLabVersion) => pod(newChart({ runnerVersion })).spec.containers[0].image;
    expect([GitLabVersion.minor('18.9'), GitLabVersion.V19_2, GitLabVersion.of('19.2.3')].map(image).map((name) => name.split(':')[1]))
      .toEqual(['alpine-v18.9.0', 'alpine-v19.2.0', 'alpine-v19.2.3']);
  });

  test('warns of what may be meant but should be known', () => {
    const chart = newChart({
      gitlabUrl: 'http://20.1.2.3',
      privileged: true,
      podSecurityContext: { seccompProfile: RunnerSeccompProfile.UNCONFINED },
      volumes: [RunnerVolume.hostPath('h', '/h', '/var/run/docker.sock')],
      helperResources: { memoryLimit: '200Mi' },
      kubernetesSettings: { namespace_per_job: true },
    });
    expect(warnings(chart)).toEqual([
      'gitlabUrl: anybody on the network path can read tokens and source code over plain HTTP; use HTTPS if GitLab has it',
      'privileged: every job can control the node it runs on, and with it the other jobs there; keep such jobs on a pool of their own',
      'podSecurityContext.seccompProfile: jobs may make all system calls; leave it out unless an image builder needs it',
      'volumes: jobs can reach folders of the node, and through some of them the node itself; use RunnerVolume.emptyDir() or persistentVolumeClaim()',
      'kubernetesSettings.namespace_per_job: the manager gets its rights in every namespace of the cluster; leave it out, or keep the cluster for CI alone',
      'helperResources.memoryLimit: the helper container runs out of memory when it handles caches and artifacts; give it at least 250Mi',
      'jobNetwork: no network policy covers the namespaces that kubernetesSettings.namespace_per_job creates; leave it out, or give these jobs a cluster of their own',
    ]);
    expect(runner(chart).kubernetes.allow_privilege_escalation).toBe(true);
  });

  test('warns of variables that look like secrets, by their names', () => {
    const warned = (environment: { [name: string]: string }) => warnings(newChart({ environment }))
      .map((warning) => /^environment: (\w+) looks like a secret, and is stored in plain text in a ConfigMap and in the Terraform state; make it a masked variable in GitLab$/
        .exec(warning)![1]);
    const secrets = {
      DOCKER_AUTH_CONFIG: '{"auths":{}}', NPM_TOKEN: 'abc', MY_SECRET_VALUE: 'abc', aws_secret_access_key: 'abc', DB_PASSWORD: 'hunter2', TOKEN_FOR_X: 'x1',
      SONAR_API_KEY: 'abc', PLAIN: `glpat-${'x'.repeat(20)}`, PROXY: 'http://user:word@proxy:3128', DEPLOY: '-----BEGIN OPENSSH PRIVATE KEY-----\nx',
      STORE: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc==', JWT: `eyJ${'x'.repeat(9)}.eyJ${'x'.repeat(9)}.x`,
    };
    expect(warned(secrets)).toEqual(Object.keys(secrets));
    expect(JSON.stringify(warnings(newChart({ environment: secrets })))).not.toMatch(/hunter2|glpat|user:word|AccountKey|PRIVATE/);
    expect(warned({ VAULT_TOKEN: new TerraformVariable(newStack(), 'Token', { sensitive: true }).stringValue })).toEqual(['VAULT_TOKEN']);
    expect(warned({
      HTTPS_PROXY: 'http://proxy:3128', AZURE_FEDERATED_TOKEN_FILE: '/var/run/token', SECRET_DETECTION_HISTORIC_SCAN: 'true', TOKEN_REQUIRED: 'true', NPM_TOKEN: '$CI_JOB_TOKEN',
      SSH_KEY_TYPE: 'ed25519', VAULT_SECRET_NAME: 'db', KEYBOARD: 'de', CACHE_COMPRESSION_LEVEL: 'fast', GIT_STRATEGY: 'clone',
    })).toEqual([]);
  });
});
