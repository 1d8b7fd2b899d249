import { AGENT_SERVER_NGINX, hasOwnAddress, judgeCertificate, judgePort, NGINX_SECTIONS, warnOfOtherName } from './agent-server';
import { known } from '../../private/rules/subject';
import { isGiven } from '../gitlab-rb/settings-reading';
import { hasOwnCertificate } from '../gitlab-rb/site-tls';
import { Feature } from '../private/feature';

/** What agents in clusters connect to, where gitlab.rb gives it an address of its own. */
export const AGENT_SERVER_FEATURE = {
  rules: {},
  plan({ endpoint: { _choice: choice }, lowMemoryTuningEnabled, omnibusSettings: settings = {} }) {
    const isUnsaid = known(settings.gitlab_kas ?? {}) && !isGiven(settings, 'gitlab_kas', 'enable');
    return {
      findings: [...judgeCertificate(choice, settings), ...judgePort(settings)],
      create({ endpoint, server }) {
        if (!hasOwnAddress(settings, known(endpoint.host) ? endpoint.host : undefined)) {
          return {};
        }
        warnOfOtherName(server, endpoint, settings);
        return {
          setUp: {
            gitlabRb: {
              // whoever gives it an address wants it, on a machine with little memory too.
              ...lowMemoryTuningEnabled && isUnsaid ? { fixed: { gitlab_kas: { enable: true } } } : {},
              certificateSections: hasOwnCertificate(settings, NGINX_SECTIONS) ? [] : [AGENT_SERVER_NGINX],
            },
          },
        };
      },
    };
  },
} satisfies Feature;
