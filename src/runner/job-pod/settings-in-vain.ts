import { RunnerVolume } from './runner-volume';
import { isOfObject, VOLUME_OF_SOURCES } from './volume-plan';
import { oneSpelling } from './volume-rules';
import { known, refusal, Subject } from '../../private/rules/subject';
import { FeatureFlags, SUSPENSION_FLAG } from '../config/feature-flags';
import { inside } from '../config/plain-data';
import { Settings } from '../config/settings';

const HOST_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const HEADER_NAME = /^[-A-Za-z0-9]+$/;
const MOST_SEARCHES = 32;

/** Refuses settings for which each job would fail, each one valid by itself. */
export function refuseSettingsInVain(subject: Subject, settings: Settings): void {
  refuseStrangeHost(subject, settings);
  refuseAliasesOfNoHost(subject, settings.services);
  Object.entries<Settings>(settings.container_lifecycle ?? {}).forEach(([hook, { http_get: call }]) =>
    refuseStrangeHeaders(inside(subject, `.container_lifecycle.${hook}.http_get`), call?.http_headers));
  const searches: unknown = settings.dns_config?.searches;
  if (Array.isArray(searches) && searches.length > MOST_SEARCHES) {
    throw refusal(inside(subject, '.dns_config.searches'), 'more than Kubernetes takes', searches.length, `give at most ${MOST_SEARCHES}`);
  }
}

/** Refuses what the runner looks at only with its flag for environments that wait, for which the manager has no rights without it either. */
export function refuseSuspensionInVain(subject: Subject, settings: Settings, flags: FeatureFlags): void {
  const services: unknown = settings.services;
  const given = [
    ...['suspend_pvc_size', 'suspend_pvc_storage_class'].map((key) => [`.${key}`, settings[key]]),
    ...(Array.isArray(services) && known(services) ? services as Settings[] : []).map(({ suspend_data_path: path }, index) => [`.services[${index}].suspend_data_path`, path]),
  ].find(([, value]) => value !== undefined && value !== '');
  if (given && !flags[SUSPENSION_FLAG]) {
    throw refusal(inside(subject, given[0]), `does nothing without the feature flag ${SUSPENSION_FLAG}`, given[1], `give featureFlags: { ${SUSPENSION_FLAG}: true }, or leave it out`);
  }
}

/** The manager's own token is for the cluster that it finds by itself. */
function refuseStrangeHost(subject: Subject, { host, cert_file: certificate, bearer_token_overwrite_allowed: broughtAlong }: Settings): void {
  if (host && !certificate && !broughtAlong) {
    throw refusal(inside(subject, '.host'), 'the API server would be asked without the manager\'s token', host, 'leave it out: the manager finds the cluster that it runs in');
  }
}

/** Kubernetes takes fewer names of headers than servers do. */
function refuseStrangeHeaders(subject: Subject, headers: unknown): void {
  (Array.isArray(headers) ? headers as Settings[] : []).forEach(({ name }, index) => {
    if (known(name) && !HEADER_NAME.test(name)) {
      throw refusal(inside(subject, `.http_headers[${index}].name`), 'not a header that Kubernetes takes', name, 'give letters, digits and "-", such as "X-Purpose"');
    }
  });
}

/** Jobs reach a service by its aliases, which are lines of /etc/hosts. */
function refuseAliasesOfNoHost(subject: Subject, services: unknown): void {
  (Array.isArray(services) && known(services) ? services as Settings[] : []).forEach(({ alias }, index) => {
    const names: string[] = known(alias) && typeof alias === 'string' ? alias.split(/[ ,]+/).filter((name) => name !== '') : [];
    const strange = names.find((name) => !name.includes('$') && !HOST_NAME.test(name));
    if (strange !== undefined) {
      throw refusal(inside(subject, `.services[${index}].alias`), 'not a host name', strange, 'give host names in lower case, such as "db"');
    }
  });
}

/** The containers of a pod share the folder of the sources by a volume, whose path is taken as it is written. */
export function refuseBuildsOutOfSight(subject: Subject, folder: unknown, volumes: readonly RunnerVolume[]): void {
  if (typeof folder !== 'string' || !known(folder) || folder === '') {
    return;
  }
  if (oneSpelling(folder) === '/') {
    throw refusal(subject, 'the root of the container, where its image is', folder, 'give a folder such as "/builds"');
  }
  const [fixed] = folder.split('$');
  const isShared = volumes.some(({ _settings: { mount_path: path } }) => known(path) && fixed.startsWith(`${oneSpelling(path)}/`));
  if (folder.includes('$') && !isShared) {
    throw refusal(subject, 'has a variable, which is not expanded where the folder is mounted, so that jobs would not see their sources', folder,
      'leave the variable out, or mount a volume at a folder above it');
  }
}

const DEFAULT_BUILDS = '/builds';

/** Refuses volumes that the runner does not take for the folder of the sources, of which it makes one more: it compares paths letter by letter. */
export function refuseVolumesBesideBuilds(subject: Subject, folder: unknown, volumes: readonly RunnerVolume[]): void {
  const builds = folder === undefined || folder === '' ? DEFAULT_BUILDS : folder;
  const paths = volumes.map(({ _settings: { mount_path: path } }) => path);
  if (typeof builds !== 'string' || !known(builds) || !paths.every(known) || paths.includes(builds)) {
    return;
  }
  volumes.forEach((volume, index) => {
    const { name, mount_path: path } = volume._settings;
    if (oneSpelling(path) === oneSpelling(builds)) {
      throw refusal(inside(subject, `[${index}]`), 'the folder of the sources by another spelling, where the runner mounts a volume of its own too', path,
        `write ${JSON.stringify(builds)}`);
    }
    if (name === VOLUME_OF_SOURCES && !isOfObject(volume)) {
      throw refusal(inside(subject, `[${index}]`), `called like the volume that the runner makes for the sources at ${builds}, so that no job starts`, name,
        'take another name');
    }
  });
}
