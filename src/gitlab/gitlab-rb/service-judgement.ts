import { NGINX } from './nginx-places';
import { Finding } from './omnibus-judgement';
import { OmnibusSettings } from './omnibus-settings';
import { isGiven, UNLESS_MEANT, valueAt, wrongValue } from './settings-reading';
import { known } from '../../private/rules/subject';

/**
 * Judges what takes something away that the set-up relies on: services without which GitLab is never ready, the way by which the machine asks
 * itself whether it is, and the file without which nobody reads the data of a machine that is gone.
 */
export function judgeServices(settings: OmnibusSettings): Finding[] {
  return [...judgeSwitches(settings), ...judgeProbe(settings), ...judgePuma(settings)];
}

/** Services, and the key that says where another one is, if there may be one. */
const NEEDED: { readonly [section: string]: readonly string[] } = {
  gitaly: ['repositories_storages'], gitlab_rails: [], gitlab_workhorse: [], puma: [], redis: ['redis_host', 'redis_socket', 'redis_sentinels'], sidekiq: [],
};

function judgeSwitches(settings: OmnibusSettings): Finding[] {
  const off = Object.entries(NEEDED).filter(([section, elsewhere]) =>
    valueAt(settings, section, 'enable') === false && !elsewhere.some((key) => isGiven(settings, 'gitlab_rails', key)));
  return [
    ...off.map(([section, [elsewhere]]) => wrongValue([section, 'enable'], 'a service without which GitLab is never ready', false,
      elsewhere === undefined ? 'leave it out' : `leave it out, or say where another one is, by gitlab_rails.${elsewhere}`)),
    ...valueAt(settings, 'patroni', 'enable') === true
      ? [wrongValue(['patroni', 'enable'], 'it takes the database from PostgreSQL on the data disk', true, `leave it out; database has servers with a standby${UNLESS_MEANT}`)] : [],
    ...valueAt(settings, 'package', 'generate_secrets_json_file') === false
      ? [wrongValue(['package', 'generate_secrets_json_file'], 'without that file a new virtual machine cannot read the data', false, 'leave it out')] : [],
    ...valueAt(settings, 'package', 'detect_init') === false
      ? [wrongValue(['package', 'detect_init'], 'for containers; on a machine nothing would start GitLab\'s services then', false, 'leave it out')] : [],
  ];
}

function judgeProbe(settings: OmnibusSettings): Finding[] {
  const whitelist: unknown = valueAt(settings, 'gitlab_rails', 'monitoring_whitelist');
  const lacksItself = Array.isArray(whitelist) && whitelist.every((cidr) => known(cidr) && !/^(127\.|0\.0\.0\.0\/0$)/.test(String(cidr)));
  const places = (key: string) => [[NGINX, key], ['gitlab_rails', NGINX, key]];
  const isNearby = (address: unknown) => !known(address) || /^(\*|0\.0\.0\.0|127\..*|localhost)$/.test(String(address));
  return [
    ...lacksItself ? [wrongValue(['gitlab_rails', 'monitoring_whitelist'], 'without 127.0.0.0/8, from where the set-up asks whether GitLab is ready', whitelist,
      'add "127.0.0.0/8"')] : [],
    ...places('proxy_protocol').filter((path) => valueAt(settings, ...path) === true).map((path) =>
      wrongValue(path, 'nginx takes nothing else then, not even what the machine asks itself', true, `leave it out; GitLabEndpoint.behindProxy() is for proxies that speak HTTP${UNLESS_MEANT}`)),
    ...places('ssl_verify_client').filter((path) => valueAt(settings, ...path) === 'on').map((path) =>
      wrongValue(path, 'nginx turns away whoever has no certificate then, the machine itself and runners too', 'on', `give "optional"${UNLESS_MEANT}`)),
    ...places('listen_addresses').map((path) => [path, valueAt(settings, ...path)] as const).flatMap(([path, addresses]) =>
      Array.isArray(addresses) && !addresses.some(isNearby)
        ? [wrongValue(path, 'without 127.0.0.1, where the set-up asks whether GitLab is ready', addresses, `add "127.0.0.1"${UNLESS_MEANT}`)] : []),
  ];
}

/** What Puma itself starts with, unless told otherwise. */
const PUMA_THREADS = 4;

function judgePuma(settings: OmnibusSettings): Finding[] {
  const [least, most, workers] = ['min_threads', 'max_threads', 'worker_processes'].map((key) => valueAt(settings, 'puma', key));
  return [
    ...Number(least ?? PUMA_THREADS) > Number(most ?? PUMA_THREADS)
      ? [wrongValue(['puma', least === undefined ? 'max_threads' : 'min_threads'], 'the least number of threads is above the largest, so that Puma would not start', least ?? most,
        'give max_threads the same or more')] : [],
    ...workers !== undefined && Number(workers) < 0 ? [wrongValue(['puma', 'worker_processes'], 'less than none', workers, 'give 0 or more')] : [],
  ];
}
