import { isGiven, valueAt } from '../gitlab-rb/settings-reading';

/** A key of gitlab.rb by which a service listens at a port. */
export interface ListenerKey {
  /** A port, `host:port`, a URL with a port, or a list of these. */
  readonly path: readonly string[];
  /** Where the host stands, if it has a key of its own. */
  readonly host?: readonly string[];
  /** Where it listens without a word, if it does. */
  readonly standard?: string;
  /** Whether the service listens there at all. */
  readonly isOn: (settings: unknown) => boolean;
  /** Sites of one web server, which may share a port. */
  readonly site?: boolean;
}

const isTrue = (...path: readonly string[]) => (settings: unknown): boolean => valueAt(settings, ...path) === true;
const isNotOff = (...path: readonly string[]) => (settings: unknown): boolean => valueAt(settings, ...path) !== false;
const has = (...path: readonly string[]) => (settings: unknown): boolean => isGiven(settings, ...path) && valueAt(settings, ...path) !== '';
type Condition = ListenerKey['isOn'];
const all = (...conditions: readonly Condition[]): Condition => (settings) => conditions.every((holds) => holds(settings));

const isMonitored = isNotOff('prometheus_monitoring', 'enable');
const hasAgents = isNotOff('gitlab_kas', 'enable');
const overTcp = (prefix: string) => (settings: unknown): boolean => hasAgents(settings) && valueAt(settings, 'gitlab_kas', `${prefix}listen_network`) !== 'unix';
const hasRegistry = (settings: unknown): boolean => valueAt(settings, 'registry', 'enable') === true || isGiven(settings, 'registry_external_url');
const hasPages = (settings: unknown): boolean => isGiven(settings, 'pages_external_url');

function exporter(section: string, standard: string): ListenerKey {
  return { path: [section, 'listen_address'], standard, isOn: all(isMonitored, isNotOff(section, 'enable')) };
}

function agents(name: string, standard: string, prefix: string): ListenerKey {
  return { path: ['gitlab_kas', name], standard, isOn: overTcp(prefix) };
}

/** @param section where nginx's settings for it are. */
function site(section: readonly string[], ...path: readonly string[]): ListenerKey {
  return { path, host: [...section, 'listen_addresses'], site: true, isOn: isNotOff(...section, 'enable') };
}

/**
 * What listens on the server beside its web server and sshd, and what says where.
 *
 * @see https://docs.gitlab.com/administration/package_information/defaults/
 */
export const LISTENER_KEYS: readonly ListenerKey[] = [
  ...['registry', 'pages', 'gitlab_kas', 'mattermost'].map((name) => site([`${name}_nginx`], `${name}_external_url`)),
  ...[['registry_nginx'], ['registry', 'nginx'], ['pages_nginx'], ['gitlab_pages', 'nginx']].map((section) => site(section, ...section, 'listen_port')),
  ...[['gitlab_kas_nginx'], ['gitlab_kas', 'nginx']].map((section) => site(section, ...section, 'port')),
  ...[['nginx'], ['gitlab_rails', 'nginx']].map((section) => site(section, ...section, 'redirect_http_to_https_port')),
  { path: ['nginx', 'status', 'port'], standard: '*:8060', site: true, isOn: isNotOff('nginx', 'status', 'enable') },
  { path: ['puma', 'port'], host: ['puma', 'listen'], standard: '8080', isOn: has('puma', 'listen') },
  { path: ['puma', 'ssl_port'], host: ['puma', 'ssl_listen'], isOn: has('puma', 'ssl_listen') },
  { path: ['puma', 'exporter_port'], host: ['puma', 'exporter_address'], standard: '127.0.0.1:8083', isOn: isTrue('puma', 'exporter_enabled') },
  { path: ['sidekiq', 'listen_port'], host: ['sidekiq', 'listen_address'], standard: '127.0.0.1:8082', isOn: isNotOff('sidekiq', 'metrics_enabled') },
  {
    path: ['sidekiq', 'health_checks_listen_port'], host: ['sidekiq', 'health_checks_listen_address'], standard: '127.0.0.1:8092',
    isOn: isNotOff('sidekiq', 'health_checks_enabled'),
  },
  { path: ['gitlab_workhorse', 'listen_addr'], isOn: (settings) => valueAt(settings, 'gitlab_workhorse', 'listen_network') === 'tcp' },
  { path: ['gitlab_workhorse', 'prometheus_listen_addr'], standard: 'localhost:9229', isOn: () => true },
  { path: ['gitlab_workhorse', 'pprof_listen_addr'], isOn: () => true },
  agents('listen_address', 'localhost:8150', ''),
  agents('observability_listen_address', 'localhost:8151', 'observability_'),
  agents('internal_api_listen_address', 'localhost:8153', 'internal_api_'),
  { path: ['gitlab_kas', 'kubernetes_api_listen_address'], standard: 'localhost:8154', isOn: hasAgents },
  agents('private_api_listen_address', 'localhost:8155', 'private_api_'),
  { path: ['registry', 'registry_http_addr'], standard: '127.0.0.1:5000', isOn: hasRegistry },
  { path: ['registry', 'debug_addr'], isOn: hasRegistry },
  { path: ['gitlab_pages', 'listen_proxy'], standard: 'localhost:8090', isOn: hasPages },
  ...['metrics_address', 'external_http', 'external_https', 'external_https_proxyv2'].map((key): ListenerKey => ({ path: ['gitlab_pages', key], isOn: hasPages })),
  { path: ['gitaly', 'configuration', 'listen_addr'], isOn: () => true },
  { path: ['gitaly', 'configuration', 'tls_listen_addr'], isOn: () => true },
  { path: ['gitaly', 'configuration', 'prometheus_listen_addr'], standard: 'localhost:9236', isOn: () => true },
  { path: ['postgresql', 'port'], host: ['postgresql', 'listen_address'], standard: '5432', isOn: has('postgresql', 'listen_address') },
  { path: ['pgbouncer', 'listen_port'], host: ['pgbouncer', 'listen_addr'], standard: '0.0.0.0:6432', isOn: isTrue('pgbouncer', 'enable') },
  { path: ['redis', 'port'], host: ['redis', 'bind'], isOn: () => true },
  { path: ['redis', 'tls_port'], host: ['redis', 'bind'], isOn: () => true },
  { path: ['mattermost', 'service_port'], host: ['mattermost', 'service_address'], standard: '127.0.0.1:8065', isOn: has('mattermost_external_url') },
  { path: ['gitlab_exporter', 'listen_port'], host: ['gitlab_exporter', 'listen_address'], standard: 'localhost:9168', isOn: all(isMonitored, isNotOff('gitlab_exporter', 'enable')) },
  exporter('prometheus', 'localhost:9090'),
  exporter('alertmanager', 'localhost:9093'),
  exporter('node_exporter', 'localhost:9100'),
  exporter('redis_exporter', 'localhost:9121'),
  exporter('postgres_exporter', 'localhost:9187'),
  { path: ['pgbouncer_exporter', 'listen_address'], standard: 'localhost:9188', isOn: isTrue('pgbouncer_exporter', 'enable') },
];
