import { ListenerKey, LISTENER_KEYS } from './listener-table';
import { OpenPort } from './network';
import { DEFAULT_SSH_PORT } from './ports';
import { known } from '../../private/rules/subject';
import { NGINX } from '../gitlab-rb/nginx-places';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { isGiven, valueAt, wrongValue } from '../gitlab-rb/settings-reading';

/** One address at which something listens. */
interface Listener {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly site?: boolean;
  /** Where the user gave it, if it is among the settings. */
  readonly path?: readonly string[];
  readonly got?: unknown;
}

/** Finds settings by which two services listen at one port: the second of them would not start, and GitLab or what reaches it is down. */
export function judgeListeners(settings: OmnibusSettings, open: readonly OpenPort[]): Finding[] {
  const keys = LISTENER_KEYS.filter(({ isOn }) => isOn(settings));
  const given = keys.filter(({ path, host }) => isGiven(settings, ...path) || (host && isGiven(settings, ...host)))
    .flatMap((key) => listenersOf(key, settings));
  const standard = keys.filter(({ path }) => !isGiven(settings, ...path)).flatMap((key) => listenersOf(key, settings));
  const others = [...open.flatMap((port) => ofOpenPort(port, settings)), ...standard];
  return given.flatMap((one, index) => {
    const twin = [...given.slice(0, index), ...others].find((other) => other.name !== one.name && areTogether(one, other));
    return twin ? [wrongValue(one.path!, `the port of ${twin.name} too`, one.got, 'give another port to one of the two')] : [];
  });
}

const NAMES: { readonly [port: string]: string } = { Http: 'the web server', Https: 'the web server', Registry: 'registry', Ssh: 'sshPort' };

function ofOpenPort({ name, port }: OpenPort, settings: OmnibusSettings): Listener[] {
  if (!known(port)) {
    return [];
  }
  const sshd = { name: 'the machine\'s sshd', host: '*', port: DEFAULT_SSH_PORT };
  return name === 'Ssh' ? [{ name: NAMES.Ssh, host: '*', port }, sshd]
    : webHosts(settings).map((host) => ({ name: NAMES[name] ?? name, host, port, site: true }));
}

/** All of the machine's, unless Pages have some for domains of their own. */
function webHosts(settings: OmnibusSettings): string[] {
  const hosts: unknown = valueAt(settings, 'gitlab_rails', NGINX, 'listen_addresses') ?? valueAt(settings, NGINX, 'listen_addresses');
  return Array.isArray(hosts) && hosts.length > 0 ? hosts.map((host) => placeOfSite(String(host))) : ['*'];
}

function listenersOf({ path, host, standard = '', site }: ListenerKey, settings: OmnibusSettings): Listener[] {
  const key = isGiven(settings, ...path) || host === undefined ? path : host;
  const value = isGiven(settings, ...path) ? valueAt(settings, ...path) : standard;
  const hosts = host && isGiven(settings, ...host) ? valueAt(settings, ...host) : undefined;
  return (Array.isArray(value) ? value : [value]).flatMap((item) => {
    const address = addressOf(item);
    if (address === undefined) {
      return [];
    }
    const said = String(hosts ?? (site ? '*' : address.host ?? hostOf(standard))).split(/[\s,]+/);
    const listener = { name: path.join('.'), port: address.port, site, path: key, got: valueAt(settings, ...key) };
    return said.map((one) => ({ ...listener, host: site ? placeOfSite(one) : samePlace(one) }));
  });
}

/** `8080`, `"localhost:8080"`, `":8080"`, `"[::]:8080"`, `"https://example.com:8080/"`. */
function addressOf(value: unknown): { readonly host?: string; readonly port: number } | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || !known(value))) {
    return undefined;
  }
  const [, host, digits] = /^(?:\w+:\/\/)?(?:(.*):)?(\d{1,5})(?:\/\S*)?$/.exec(String(value)) ?? [];
  const port = Number(digits);
  return port > 0 ? { host, port } : undefined;
}

function hostOf(address: string): string {
  return addressOf(address)?.host ?? '127.0.0.1';
}

function samePlace(host: string): string {
  return ['', '*', '0.0.0.0', '[::]', '::'].includes(host) ? '*' : ['localhost', '[::1]', '::1'].includes(host) ? '127.0.0.1' : host;
}

/** All IPv6 addresses are no more than that to nginx, unlike to other services. */
function placeOfSite(host: string): string {
  return host === '[::]' ? host : samePlace(host);
}

function areTogether(one: Listener, other: Listener): boolean {
  return one.port === other.port && !(one.site && other.site) && (one.host === other.host || one.host === '*' || other.host === '*');
}
