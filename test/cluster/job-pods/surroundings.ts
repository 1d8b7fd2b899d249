import { Configuration } from './configuration';
import { RunnerPullPolicy } from 'cdktf-azure-gitlab';

/** Names, services, hooks, images and credentials. */
export const SURROUNDINGS: readonly Configuration[] = [
  {
    what: 'name servers of their own',
    theirs: `
      [runners.kubernetes]
        dns_policy = "none"
        [runners.kubernetes.dns_config]
          nameservers = ["10.0.0.2", "10.1.0.251"]
          searches = ["gitlab.svc.cluster.local", "svc.cluster.local"]
          [[runners.kubernetes.dns_config.options]]
            name = "ndots"
            value = "2"
          [[runners.kubernetes.dns_config.options]]
            name = "edns0"`,
    ours: {
      kubernetesSettings: {
        dns_policy: 'none',
        dns_config: {
          nameservers: ['10.0.0.2', '10.1.0.251'], searches: ['gitlab.svc.cluster.local', 'svc.cluster.local'], options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
        },
      },
    },
  },
  {
    what: 'lines of /etc/hosts, and services by their names',
    theirs: `
      [[runners.kubernetes.host_aliases]]
        ip = "192.168.1.1"
        hostnames = ["web14", "web15"]
      [[runners.kubernetes.host_aliases]]
        ip = "10.20.0.4"
        hostnames = ["gitlab.example.com"]`,
    ours: { hostAliases: { '192.168.1.1': ['web14', 'web15'], '10.20.0.4': ['gitlab.example.com'] } },
    job: { services: [{ name: 'postgres:17', alias: 'db pg' }, { name: 'registry.example.com/svc1' }] },
  },
  {
    what: 'services of every job',
    theirs: `
      [[runners.kubernetes.services]]
        name = "postgres:12-alpine"
        alias = "db1"
      [[runners.kubernetes.services]]
        name = "registry.example.com/svc1"
        alias = "svc1"
        entrypoint = ["entrypoint.sh"]
        command = ["executable", "param1", "param2"]
        environment = ["ENV=value1", "HEALTHCHECK_TCP_PORT=5432"]`,
    ours: {
      kubernetesSettings: {
        services: [
          { name: 'postgres:12-alpine', alias: 'db1' },
          {
            name: 'registry.example.com/svc1', alias: 'svc1', entrypoint: ['entrypoint.sh'], command: ['executable', 'param1', 'param2'],
            environment: ['ENV=value1', 'HEALTHCHECK_TCP_PORT=5432'],
          },
        ],
      },
    },
  },
  {
    what: 'hooks of the build container',
    theirs: `
      [runners.kubernetes.container_lifecycle.post_start.exec]
        command = ["touch", "/builds/postStart.txt"]
      [runners.kubernetes.container_lifecycle.pre_stop.http_get]
        port = 8080
        host = "localhost"
        path = "/test"
        [[runners.kubernetes.container_lifecycle.pre_stop.http_get.http_headers]]
          name = "X-Header-Name"
          value = "header_value_1"`,
    ours: {
      kubernetesSettings: {
        container_lifecycle: {
          post_start: { exec: { command: ['touch', '/builds/postStart.txt'] } },
          pre_stop: { http_get: { port: 8080, host: 'localhost', path: '/test', http_headers: [{ name: 'X-Header-Name', value: 'header_value_1' }] } },
        },
      },
    },
  },
  {
    what: 'a hook that opens a port',
    theirs: `
      [runners.kubernetes.container_lifecycle.pre_stop.tcp_socket]
        port = 8080`,
    ours: { kubernetesSettings: { container_lifecycle: { pre_stop: { tcp_socket: { port: 8080 } } } } },
  },
  {
    what: 'images of a private registry, pulled in two ways',
    theirs: `
      [runners.kubernetes]
        image = "registry.example.com/base:1"
        image_pull_secrets = ["regcred", "mirror"]
        pull_policy = ["always", "if-not-present"]
        allowed_pull_policies = ["always", "if-not-present"]
        allowed_images = ["registry.example.com/*"]`,
    ours: {
      image: 'registry.example.com/base:1',
      imagePullSecrets: ['regcred', 'mirror'],
      pullPolicies: [RunnerPullPolicy.ALWAYS, RunnerPullPolicy.IF_NOT_PRESENT],
      allowedPullPolicies: [RunnerPullPolicy.ALWAYS, RunnerPullPolicy.IF_NOT_PRESENT],
      allowedImages: ['registry.example.com/*'],
    },
    job: { image: { name: 'registry.example.com/node:22', pull_policy: ['if-not-present'] } },
  },
  {
    what: 'credentials of registries in a variable',
    theirs: 'environment = [\'DOCKER_AUTH_CONFIG={"auths":{"registry.example.com":{"auth":"dXNlcjpwYXNz"}}}\']',
    ours: { environment: { DOCKER_AUTH_CONFIG: '{"auths":{"registry.example.com":{"auth":"dXNlcjpwYXNz"}}}' } },
  },
  {
    what: 'pull secrets and a token of the service account',
    theirs: `
      [runners.kubernetes]
        service_account = "ci"
        use_service_account_image_pull_secrets = true
        automount_service_account_token = true`,
    ours: {
      jobServiceAccount: { name: 'ci' },
      kubernetesSettings: { use_service_account_image_pull_secrets: true, automount_service_account_token: true },
    },
  },
  {
    what: 'another helper',
    theirs: `
      [runners.kubernetes]
        helper_image = "registry.example.com/helper:$CI_RUNNER_VERSION"`,
    ours: { kubernetesSettings: { helper_image: 'registry.example.com/helper:$CI_RUNNER_VERSION' } },
  },
  {
    what: 'the helper on Ubuntu',
    theirs: `
      [runners.kubernetes]
        helper_image_flavor = "ubuntu"`,
    ours: { kubernetesSettings: { helper_image_flavor: 'ubuntu' } },
  },
  {
    what: 'scripts around the jobs\' own, and a shell',
    theirs: `
      pre_get_sources_script = "git config --global http.proxy http://proxy.example.com:3128"
      pre_build_script = "echo before"
      post_build_script = "echo after"
      shell = "bash"
      clone_url = "https://gitlab.internal.example.com"
      environment = ["GIT_SSL_NO_VERIFY=1", "HTTPS_PROXY=http://proxy.example.com:3128"]`,
    ours: {
      runnerSettings: {
        pre_get_sources_script: 'git config --global http.proxy http://proxy.example.com:3128',
        pre_build_script: 'echo before',
        post_build_script: 'echo after',
        shell: 'bash',
        clone_url: 'https://gitlab.internal.example.com',
      },
      environment: { GIT_SSL_NO_VERIFY: '1', HTTPS_PROXY: 'http://proxy.example.com:3128' },
    },
  },
];
