import { Settings } from '../config/settings';

interface Upstream {
  readonly registry: string;
  /** Where its images are in the cache. */
  readonly folder: string;
}

export const DOCKER_HUB: Upstream = { registry: 'docker.io', folder: 'docker-hub' };
const DOCKER_HUBS_NAMES = [DOCKER_HUB.registry, 'index.docker.io', 'registry-1.docker.io'];
export const KUBERNETES: Upstream = { registry: 'registry.k8s.io', folder: 'kubernetes' };

/** The runner's own, which are at Docker Hub too: GitLab's registry is none that Azure caches. */
const MANAGER_IMAGE = 'gitlab/gitlab-runner:alpine-v';
const HELPER_IMAGE = 'gitlab/gitlab-runner-helper';
/** By which the runner itself would choose the helper's image. */
export const ARCHITECTURE_LABEL = 'kubernetes.io/arch';
/** What the runner takes by default. */
const PAUSE_IMAGE = `${KUBERNETES.registry}/pause:3.10`;

/** The name of an image in the cache. */
export function cachedImage(loginServer: string, image: string): string {
  const [first, ...rest] = image.split('/');
  // without a dot, a port or `localhost` it is no registry but a folder at Docker Hub.
  const ofRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first);
  if (ofRegistry && first === KUBERNETES.registry) {
    return `${loginServer}/${KUBERNETES.folder}/${rest.join('/')}`;
  }
  if (ofRegistry && !DOCKER_HUBS_NAMES.includes(first) || image.includes('$')) {
    return image;
  }
  const path = ofRegistry ? rest : [first, ...rest];
  return [loginServer, DOCKER_HUB.folder, ...path.length === 1 ? ['library'] : [], ...path].join('/');
}

/** The manager's image in the cache. */
export function cachedManagerImage(loginServer: string, release: string): string {
  return cachedImage(loginServer, `${MANAGER_IMAGE}${release}`);
}

/** The images that jobs need beside their own, where none are chosen; the runner does not look at the nodes' architecture any more then. */
export function cachedJobImages(
  loginServer: string, release: string, settings: Settings, nodeSelector: { readonly [label: string]: string } | undefined,
): Settings {
  const flavor = settings.helper_image_flavor === undefined ? '' : `${settings.helper_image_flavor}-`;
  const architecture = nodeSelector?.[ARCHITECTURE_LABEL] === 'arm64' ? 'arm64' : 'x86_64';
  const { autoscaler } = settings;
  return {
    ...settings,
    helper_image: settings.helper_image || cachedImage(loginServer, `${HELPER_IMAGE}:${flavor}${architecture}-v${release}`),
    ...autoscaler === undefined ? {} : { autoscaler: { pause_pod_image: cachedImage(loginServer, PAUSE_IMAGE), ...autoscaler } },
  };
}
