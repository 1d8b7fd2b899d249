import { Configuration, FLAG } from './configuration';
import { RunnerSecret, RunnerVolume } from 'cdktf-azure-gitlab';

/** What is mounted, and what comes from Secrets. */
export const VOLUMES: readonly Configuration[] = [
  {
    what: 'volumes of all kinds',
    theirs: `
      [[runners.kubernetes.volumes.host_path]]
        name = "hostpath-1"
        mount_path = "/host"
        read_only = true
        host_path = "/path/on/host"
      [[runners.kubernetes.volumes.host_path]]
        name = "hostpath-2"
        mount_path = "/same"
      [[runners.kubernetes.volumes.pvc]]
        name = "pvc-1"
        mount_path = "/claim"
      [[runners.kubernetes.volumes.config_map]]
        name = "config-map-1"
        mount_path = "/config"
        [runners.kubernetes.volumes.config_map.items]
          "key_1" = "relative/path/to/key_1_file"
          "key_2" = "key_2"
      [[runners.kubernetes.volumes.secret]]
        name = "secrets"
        mount_path = "/secret"
        read_only = true
        [runners.kubernetes.volumes.secret.items]
          "secret_1" = "relative/path/to/secret_1_file"
      [[runners.kubernetes.volumes.empty_dir]]
        name = "empty-dir"
        mount_path = "/memory"
        medium = "Memory"
      [[runners.kubernetes.volumes.csi]]
        name = "csi-volume"
        mount_path = "/csi"
        driver = "my-csi-driver"
        [runners.kubernetes.volumes.csi.volume_attributes]
          size = "2Gi"
      [[runners.kubernetes.volumes.nfs]]
        name = "nfs"
        mount_path = "/nfs"
        server = "nfs.example.com"
        path = "/exports"
        read_only = true`,
    ours: {
      volumes: [
        RunnerVolume.hostPath('hostpath-1', '/host', '/path/on/host', { readOnly: true }),
        RunnerVolume.hostPath('hostpath-2', '/same', '/same'),
        RunnerVolume.persistentVolumeClaim('pvc-1', '/claim'),
        RunnerVolume.configMap('config-map-1', '/config', { items: { key_1: 'relative/path/to/key_1_file', key_2: 'key_2' } }),
        RunnerVolume.secret('secrets', '/secret', { readOnly: true, items: { secret_1: 'relative/path/to/secret_1_file' } }),
        RunnerVolume.memory('empty-dir', '/memory'),
        RunnerVolume.csi('csi-volume', '/csi', 'my-csi-driver', { size: '2Gi' }),
        RunnerVolume.nfs('nfs', '/nfs', 'nfs.example.com', '/exports', { readOnly: true }),
      ],
    },
  },
  {
    what: 'a claim for each place at a time, and a folder for each project',
    theirs: `
      [[runners.kubernetes.volumes.pvc]]
        name = "builds-$CI_CONCURRENT_ID"
        mount_path = "/builds"
      [[runners.kubernetes.volumes.pvc]]
        name = "gradle"
        mount_path = "/root/.gradle"
        sub_path = "$CI_PROJECT_PATH_SLUG"`,
    ours: {
      volumes: [
        RunnerVolume.persistentVolumeClaim('builds-$CI_CONCURRENT_ID', '/builds'),
        RunnerVolume.persistentVolumeClaim('gradle', '/root/.gradle', { subPath: '$CI_PROJECT_PATH_SLUG' }),
      ],
    },
    job: { variables: { CI_PROJECT_PATH_SLUG: 'platform-shop' } },
  },
  {
    what: 'one claim at two paths',
    theirs: `
      [[runners.kubernetes.volumes.pvc]]
        name = "caches"
        mount_path = "/root/.npm"
        sub_path = "npm"
      [[runners.kubernetes.volumes.pvc]]
        name = "caches"
        mount_path = "/root/.m2"
        sub_path = "m2"
        read_only = true`,
    ours: {
      volumes: [
        RunnerVolume.persistentVolumeClaim('caches', '/root/.npm', { subPath: 'npm' }),
        RunnerVolume.persistentVolumeClaim('caches', '/root/.m2', { subPath: 'm2', readOnly: true }),
      ],
    },
  },
  {
    what: 'the socket of the node, and mounts that come through',
    theirs: `
      [[runners.kubernetes.volumes.host_path]]
        name = "sock"
        mount_path = "/var/run/containerd/containerd.sock"
        host_path = "/var/run/containerd/containerd.sock"
        read_only = true
      [[runners.kubernetes.volumes.host_path]]
        name = "mounts"
        mount_path = "/mnt/shared"
        host_path = "/mnt/shared"
        mount_propagation = "HostToContainer"`,
    ours: {
      volumes: [
        RunnerVolume.hostPath('sock', '/var/run/containerd/containerd.sock', '/var/run/containerd/containerd.sock', { readOnly: true }),
        RunnerVolume.hostPath('mounts', '/mnt/shared', '/mnt/shared', { mountPropagation: 'HostToContainer' }),
      ],
    },
  },
  {
    what: 'sources in a folder of their own',
    theirs: `
      builds_dir = "/my_custom_dir"
      shell = "bash"
      [[runners.kubernetes.volumes.empty_dir]]
        name = "repo"
        mount_path = "/my_custom_dir"
        size_limit = "20Gi"
      [runners.kubernetes.pod_security_context]
        run_as_user = 1000
      [runners.kubernetes.build_container_security_context]
        run_as_user = 1000`,
    ours: {
      runnerSettings: { builds_dir: '/my_custom_dir', shell: 'bash' },
      podSecurityContext: { runAsUser: 1000 },
      volumes: [RunnerVolume.emptyDir('repo', '/my_custom_dir', '20Gi')],
      kubernetesSettings: { build_container_security_context: { run_as_user: 1000 } },
    },
  },
  {
    what: 'a disk for each job',
    theirs: `${FLAG}
      [[runners.kubernetes.volumes.empty_dir]]
        name = "builds"
        mount_path = "/builds"
      [[runners.kubernetes.pod_spec]]
        name = "a disk"
        patch_type = "strategic"
        patch = '''
          volumes:
          - name: builds
            emptyDir: null
            ephemeral:
              volumeClaimTemplate:
                spec:
                  storageClassName: managed-csi-premium
                  accessModes: [ReadWriteOnce]
                  resources: { requests: { storage: 50Gi } }
        '''`,
    ours: { volumes: [RunnerVolume.ephemeralClaim('builds', '/builds', '50Gi', 'managed-csi-premium')] },
  },
  {
    what: 'one file of a Secret, which the runner itself cannot mount twice',
    theirs: `${FLAG}
      [[runners.kubernetes.volumes.secret]]
        name = "kubeconfig"
        mount_path = "/root/.kube"
      [[runners.kubernetes.pod_spec]]
        name = "kubeconfig once more"
        patch = '''
          containers:
          - name: build
            volumeMounts:
            - { name: kubeconfig-file, mountPath: /tmp/kubeconfig, subPath: KUBECONFIG }
          - name: helper
            volumeMounts:
            - { name: kubeconfig-file, mountPath: /tmp/kubeconfig, subPath: KUBECONFIG }
          volumes:
          - name: kubeconfig-file
            secret: { secretName: kubeconfig }
        '''`,
    ours: { volumes: [RunnerVolume.secret('kubeconfig', '/root/.kube'), RunnerVolume.secret('kubeconfig', '/tmp/kubeconfig', { subPath: 'KUBECONFIG' })] },
    different: { 'spec.initContainers.init-permissions.mounts./tmp/kubeconfig': 'mounted by the runner, in all containers' },
  },
  {
    what: 'a token for another authority by a patch',
    theirs: `${FLAG}
      [[runners.kubernetes.pod_spec]]
        name = "token"
        patch = '''
          containers:
          - name: build
            volumeMounts: [{ name: token, mountPath: /var/run/aws }]
          volumes:
          - name: token
            projected: { sources: [{ serviceAccountToken: { audience: sts.amazonaws.com, expirationSeconds: 3600, path: token } }] }
        '''`,
    ours: {
      kubernetesSettings: {
        pod_spec: [{
          name: 'token',
          patch: [
            'containers: [{ name: build, volumeMounts: [{ name: token, mountPath: /var/run/aws }] }]',
            'volumes:',
            '- { name: token, projected: { sources: [{ serviceAccountToken: { audience: sts.amazonaws.com, expirationSeconds: 3600, path: token } }] } }',
          ].join('\n'),
        }],
      },
    },
  },
  {
    what: 'variables from a Secret by a patch',
    theirs: `${FLAG}
      [[runners.kubernetes.pod_spec]]
        name = "environment"
        patch = '''
          containers:
          - name: build
            env:
            - name: SONARQUBE_TOKEN
              valueFrom: { secretKeyRef: { name: sonarqube, key: token } }
        '''`,
    ours: { environmentSecrets: { SONARQUBE_TOKEN: RunnerSecret.kubernetesSecret('sonarqube', 'token') } },
  },
];
