import { Construct } from 'constructs';
import { ApplicationNodesPlan } from './application-nodes-plan';
import { GITALY_PORT, REDIS_PORT } from './application-nodes-set-up';
import { PROBE_PORT } from './load-balancer';
import { ValidationError } from '../../private/validation-error';
import { definedEntries } from '../gitlab-rb/literals';
import { isSection, OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { FilledProps } from '../private/filled-props';
import { checkMachineSize } from '../private/machine-size';

/** What machines tell each other by gitlab.rb, and what the nodes cannot have: section and key, or all keys. */
const OWNED: { readonly [section: string]: RegExp } = {
  roles: /^/,
  redis: /^/,
  gitaly: /^(?!env$)/,
  git_data_dirs: /^/,
  registry_external_url: /^/,
  gitlab_kas_external_url: /^/,
  nginx: /^custom_nginx_config$/,
  gitlab_sshd: /^enable$/,
  gitlab_rails: /^(redis_.*|repositories_storages|(incoming_email|service_desk_email)_enabled)$/,
};

/** Where a balancer asks, and where the machines reach each other. */
const INNER_PORTS: readonly number[] = [PROBE_PORT, GITALY_PORT, REDIS_PORT];

/** Refuses what several machines cannot do, or would do wrong. */
export function checkApplicationNodes(scope: Construct, nodes: ApplicationNodesPlan, props: FilledProps): void {
  const refuse = (problem: string, remedy: string, prop = 'applicationNodes', got: unknown = { count: nodes.count }) => {
    throw new ValidationError(scope, { prop, problem, got, remedy });
  };
  if (props.objectStorage === undefined) {
    refuse('the machines share no disk for uploads, artifacts and the like', 'set objectStorage too');
  }
  if ((props.database?._choice.kind ?? 'embedded') === 'embedded') {
    refuse('the database is on the data disk, which nodes do not reach', 'set database too, such as GitLabDatabase.azurePostgresql()');
  }
  const { kind, proxy } = props.endpoint._choice;
  if (kind === 'http' || proxy) {
    refuse('nodes are reached over HTTPS, without a proxy in front', 'choose GitLabEndpoint.customDomain(), https() or certificateFromKeyVault()', 'endpoint',
      kind === 'http' ? 'GitLabEndpoint.http()' : 'a proxy');
  }
  if (props.lowMemoryTuningEnabled) {
    refuse('a machine tuned for little memory serves no nodes', 'choose a vmSize with more than 8 GiB of memory', 'lowMemoryTuningEnabled', true);
  }
  if (props.pages !== undefined) {
    refuse('nodes do not serve Pages', 'leave out pages or applicationNodes', 'pages', { domain: props.pages.domain });
  }
  const ports = [['registry.port', props.registry?.port], ['sshPort', props.sshPort]] as const;
  ports.filter(([, port]) => port !== undefined && INNER_PORTS.includes(port)).forEach(([prop, port]) =>
    refuse('in use by the machines among themselves', 'give another one', prop, port));
  refuseOwnedKeys(props.omnibusSettings ?? {}, refuse);
  checkMachineSize(scope, 'applicationNodes.vmSize', nodes.vmSize, props.image);
}

function refuseOwnedKeys(settings: OmnibusSettings, refuse: (problem: string, remedy: string, prop: string, got: unknown) => void): void {
  for (const [section, keys] of Object.entries(OWNED)) {
    const value: unknown = settings[section] ?? undefined;
    if (value === undefined) {
      continue;
    }
    const owned = isSection(value) ? definedEntries(value).find(([key, item]) => keys.test(key) && item !== null && item !== false)?.[0] : undefined;
    if (owned !== undefined || (!isSection(value) && keys.test(''))) {
      const path = owned === undefined ? section : `${section}.${owned}`;
      refuse('decided by applicationNodes, or not served with nodes', 'leave it out', `omnibusSettings.${path}`, '(hidden)');
    }
  }
}
