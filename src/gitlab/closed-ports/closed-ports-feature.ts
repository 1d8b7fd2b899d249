import { Construct } from 'constructs';
import { known } from '../../private/rules/subject';
import { warn } from '../../warnings/private/warn';
import { OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { Feature } from '../private/feature';

const WEB_PORTS = ['', '80', '443'];

/** Settings of gitlab.rb by which GitLab listens at a port, which opens no port in the network. */
const URLS = ['registry', 'pages', 'gitlab_kas', 'mattermost'].map((name) => `${name}_external_url`);

/** Where GitLab listens and nobody gets to. */
export const CLOSED_PORTS_FEATURE = {
  rules: {},
  plan: ({ omnibusSettings }) => ({ warn: (scope) => warnOfClosedPorts(scope, omnibusSettings ?? {}) }),
} satisfies Feature;

function warnOfClosedPorts(scope: Construct, settings: OmnibusSettings): void {
  for (const key of URLS) {
    const port = portOf(settings[key]);
    if (port !== undefined && !WEB_PORTS.includes(port)) {
      warn(scope, 'closed-port', {
        prop: `omnibusSettings.${key}`, reason: `the network security group lets nobody in at port ${port}`,
        remedy: key === 'registry_external_url' ? 'set registry instead, which opens its port too' : 'give a URL without a port',
      });
    }
  }
}

function portOf(url: unknown): string | undefined {
  return typeof url === 'string' && known(url) ? /^\w+:\/\/[^/:]+(?::(\d+))?(?:\/|$)/.exec(url)?.slice(1).map((port) => port ?? '')[0] : undefined;
}
