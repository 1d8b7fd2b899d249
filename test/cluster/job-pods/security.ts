import { Configuration } from './configuration';
import { RunnerVolume } from 'cdktf-azure-gitlab';

/** What containers may do. */
export const SECURITY: readonly Configuration[] = [
  {
    what: 'users of the pod and of each kind of container',
    theirs: `
      [runners.kubernetes.pod_security_context]
        run_as_non_root = true
        run_as_user = 59417
        run_as_group = 59417
        fs_group = 59417
        supplemental_groups = [1000]
      [runners.kubernetes.init_permissions_container_security_context]
        run_as_user = 1000
        run_as_group = 1000
      [runners.kubernetes.build_container_security_context]
        run_as_user = 65534
        run_as_group = 65534
        [runners.kubernetes.build_container_security_context.capabilities]
          add = ["NET_ADMIN"]
      [runners.kubernetes.helper_container_security_context]
        run_as_user = 1000
        run_as_group = 1000
      [runners.kubernetes.service_container_security_context]
        run_as_user = 1001
        run_as_group = 1001`,
    ours: {
      podSecurityContext: { runAsNonRoot: true, runAsUser: 59417, runAsGroup: 59417, fsGroup: 59417, supplementalGroups: [1000] },
      kubernetesSettings: {
        init_permissions_container_security_context: { run_as_user: 1000, run_as_group: 1000 },
        build_container_security_context: { run_as_user: 65534, run_as_group: 65534, capabilities: { add: ['NET_ADMIN'] } },
        helper_container_security_context: { run_as_user: 1000, run_as_group: 1000 },
        service_container_security_context: { run_as_user: 1001, run_as_group: 1001 },
      },
    },
    job: { services: [{ name: 'redis:8' }] },
  },
  {
    what: 'all that the level "restricted" asks for',
    theirs: `
      [runners.kubernetes]
        allow_privilege_escalation = false
        cap_drop = ["ALL"]
        [runners.kubernetes.pod_security_context]
          run_as_non_root = true
          run_as_user = 1000
          [runners.kubernetes.pod_security_context.seccomp_profile]
            type = "RuntimeDefault"
        [runners.kubernetes.init_permissions_container_security_context.capabilities]
          drop = ["ALL"]`,
    ours: {
      podSecurityContext: { runAsNonRoot: true, runAsUser: 1000 },
      kubernetesSettings: { cap_drop: ['ALL'], init_permissions_container_security_context: { capabilities: { drop: ['ALL'] } } },
    },
  },
  {
    what: 'images built without root in the build container',
    theirs: `
      [runners.kubernetes]
        privileged = false
        allow_privilege_escalation = false
        [runners.kubernetes.build_container_security_context]
          allow_privilege_escalation = true
          [runners.kubernetes.build_container_security_context.seccomp_profile]
            type = "Unconfined"
          [runners.kubernetes.build_container_security_context.app_armor_profile]
            type = "Unconfined"`,
    ours: {
      kubernetesSettings: {
        build_container_security_context: { allow_privilege_escalation: true, seccomp_profile: { type: 'Unconfined' }, app_armor_profile: { type: 'Unconfined' } },
      },
    },
  },
  {
    what: 'capabilities of all containers',
    theirs: `
      [runners.kubernetes]
        cap_add = ["SYS_TIME", "NET_RAW"]
        cap_drop = ["NET_BIND_SERVICE"]`,
    ours: { kubernetesSettings: { cap_add: ['SYS_TIME', 'NET_RAW'], cap_drop: ['NET_BIND_SERVICE'] } },
  },
  {
    what: 'file systems that nobody writes to',
    theirs: `
      environment = ["HOME=/build_home"]
      [runners.kubernetes]
        scripts_base_dir = "/tmp"
        logs_base_dir = "/tmp"
        [runners.kubernetes.build_container_security_context]
          read_only_root_filesystem = true
        [runners.kubernetes.init_permissions_container_security_context]
          read_only_root_filesystem = true
        [runners.kubernetes.helper_container_security_context]
          read_only_root_filesystem = true
        [[runners.kubernetes.volumes.empty_dir]]
          name = "home"
          mount_path = "/build_home"
        [[runners.kubernetes.volumes.empty_dir]]
          name = "tmp"
          mount_path = "/tmp"`,
    ours: {
      environment: { HOME: '/build_home' },
      volumes: [RunnerVolume.emptyDir('home', '/build_home'), RunnerVolume.emptyDir('tmp', '/tmp')],
      kubernetesSettings: {
        scripts_base_dir: '/tmp',
        logs_base_dir: '/tmp',
        build_container_security_context: { read_only_root_filesystem: true },
        init_permissions_container_security_context: { read_only_root_filesystem: true },
        helper_container_security_context: { read_only_root_filesystem: true },
      },
    },
  },
  {
    what: 'a type of SELinux for Podman',
    theirs: `
      [runners.kubernetes.build_container_security_context]
        selinux_type = "container_engine_t"
      [runners.kubernetes.pod_security_context]
        selinux_type = "container_t"`,
    ours: {
      kubernetesSettings: {
        build_container_security_context: { selinux_type: 'container_engine_t' }, pod_security_context: { selinux_type: 'container_t' },
      },
    },
  },
  {
    what: 'a user that a job chooses',
    theirs: `
      [runners.kubernetes]
        allowed_users = ["1000", "1001"]`,
    ours: { kubernetesSettings: { allowed_users: ['1000', '1001'] } },
    job: { image: { name: 'node:22', executor_opts: { kubernetes: { user: '1001' } } } },
  },
  {
    what: 'a privileged daemon beside a job that is not',
    theirs: `
      environment = ["DOCKER_HOST=tcp://docker:2376", "DOCKER_TLS_CERTDIR=/certs", "DOCKER_CERT_PATH=/certs/client", "DOCKER_TLS_VERIFY=1"]
      [runners.kubernetes]
        [runners.kubernetes.service_container_security_context]
          privileged = true
          allow_privilege_escalation = true
        [[runners.kubernetes.volumes.empty_dir]]
          name = "docker-certs"
          mount_path = "/certs/client"
          medium = "Memory"
        [[runners.kubernetes.services]]
          name = "docker:29-dind"
          alias = "docker"
          command = ["--registry-mirror", "https://mirror.example.com"]`,
    ours: {
      environment: { DOCKER_HOST: 'tcp://docker:2376', DOCKER_TLS_CERTDIR: '/certs', DOCKER_CERT_PATH: '/certs/client', DOCKER_TLS_VERIFY: '1' },
      volumes: [RunnerVolume.memory('docker-certs', '/certs/client')],
      kubernetesSettings: {
        service_container_security_context: { privileged: true, allow_privilege_escalation: true },
        services: [{ name: 'docker:29-dind', alias: 'docker', command: ['--registry-mirror', 'https://mirror.example.com'] }],
      },
    },
  },
];
