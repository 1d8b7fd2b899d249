import { PROBE_PATH, PROBE_PORT } from './load-balancer';
import { scriptTexts } from '../../assets';
import { RubyExpression } from '../gitlab-rb/literals';
import { FurtherMachine, GitLabRbPart, SetUpPart } from '../set-up/set-up-part';

/** Where the machines reach each other: by TLS alone, with certificates of an authority of their own. */
export const GITALY_PORT = 9999;
export const REDIS_PORT = 6380;

/** Where the scripts put what only they know. */
const FOLDER = '/etc/gitlab/nodes';
const AUTHORITY = '/etc/gitlab/trusted-certs/node-authority.crt';
const REDIS_PASSWORD = new RubyExpression('File.read("/etc/gitlab/redis-password", encoding: "UTF-8").chomp');

/** From where Azure's load balancers ask. */
const PROBE_ADDRESS = '168.63.129.16';

export interface ApplicationNodesSetUpProps {
  /** The private address of the server's own machine. */
  readonly serverAddress: string;
  readonly registryPort?: number;
  readonly host: string;
}

/** What the server's own machine does for nodes. */
export function serverSetUp({ serverAddress }: ApplicationNodesSetUpProps): SetUpPart {
  return {
    gitlabRb: {
      fixed: {
        gitlab_rails: sharedRails(serverAddress),
        gitaly: {
          configuration: {
            tls_listen_addr: `0.0.0.0:${GITALY_PORT}`,
            tls: { certificate_path: `${FOLDER}/gitaly.crt`, key_path: `${FOLDER}/gitaly.key` },
            // by the storages above alone, the list would be empty.
            storage: [{ name: 'default', path: '/var/opt/gitlab/git-data/repositories' }],
          },
        },
        redis: {
          bind: '0.0.0.0', port: 0, tls_port: REDIS_PORT, tls_cert_file: `${FOLDER}/redis.crt`, tls_key_file: `${FOLDER}/redis.key`, tls_auth_clients: 'optional',
          password: REDIS_PASSWORD,
        },
      },
    },
    // nodes have lines of their own.
    onFurtherMachines: { gitlabRb: {} },
    applicationSettings: {
      // a job's log and a user's keys may be asked for on any machine.
      always: { ci_job_live_trace_enabled: true, authorized_keys_enabled: false },
      once: {},
    },
    inSteps: {
      gitlab: {
        scripts: ['release.sh', 'hosts.sh', 'machines.sh', 'serve-nodes.sh'],
        parameters: { NODE_SERVER: serverAddress, RELEASE_PY: scriptTexts('gitlab')['release.py'] },
      },
    },
  };
}

/** The server's own machine once there are no nodes any more. */
export function withoutNodesSetUp(): SetUpPart {
  return { inSteps: { gitlab: { scripts: ['no-nodes.sh'] } } };
}

/** A node. Its step is called like this, and so is its script. */
export function nodeSetUp(props: ApplicationNodesSetUpProps, name: string, index: number): FurtherMachine {
  return {
    step: {
      name: 'node',
      first: ['node-machine.sh'],
      scripts: ['release.sh', 'hosts.sh', 'machines.sh', 'vault-files.sh', 'node-secrets.sh', 'node-release.sh'],
      parameters: { NODE_SERVER: props.serverAddress, NODE_NAME: name, NODE_INDEX: String(index), RELEASE_PY: scriptTexts('gitlab')['release.py'] },
    },
    gitlabRb: nodeGitlabRb(props),
  };
}

function nodeGitlabRb({ serverAddress, registryPort, host }: ApplicationNodesSetUpProps): GitLabRbPart {
  return {
    // the key that has the registry served too.
    singleKeys: { roles: ['application_role'], registry_external_url: undefined },
    fixed: {
      gitlab_rails: { ...sharedRails(serverAddress), ...registryRails(host, registryPort), auto_migrate: false },
      gitaly: { enable: false },
      gitlab_kas: { enable: false },
      registry: { enable: false },
      letsencrypt: { enable: false },
      // what a secret is missing, the server's own machine makes.
      package: { generate_default_secrets: false },
      nginx: { custom_nginx_config: probeServer(host) },
    },
  };
}

/** Where Rails finds what exists once. Workhorse takes Redis from it. */
function sharedRails(serverAddress: string) {
  return {
    repositories_storages: { default: { gitaly_address: `tls://${serverAddress}:${GITALY_PORT}` } },
    redis_host: serverAddress,
    redis_port: REDIS_PORT,
    redis_ssl: true,
    redis_tls_ca_cert_file: AUTHORITY,
    redis_password: REDIS_PASSWORD,
  };
}

function registryRails(host: string, port: number | undefined): { [key: string]: unknown } {
  return port === undefined ? {} : { registry_enabled: true, registry_host: host, registry_port: String(port), registry_api_url: `https://${host}:${port}` };
}

/** The application's own answer, without what others do: a Gitaly or a database that is away is away for all nodes. */
function probeServer(host: string): string {
  return [
    'server {',
    `  listen 0.0.0.0:${PROBE_PORT};`,
    `  allow ${PROBE_ADDRESS};`,
    '  allow 127.0.0.1;',
    '  deny all;',
    '  access_log off;',
    `  location = ${PROBE_PATH} {`,
    '    if (-f /run/gitlab-draining) { return 503; }',
    '    proxy_pass http://gitlab-workhorse;',
    `    proxy_set_header Host ${host};`,
    '    proxy_set_header X-Forwarded-For 127.0.0.1;',
    '    proxy_set_header X-Forwarded-Proto https;',
    '  }',
    '  location / { return 404; }',
    '}',
  ].join('\n');
}
