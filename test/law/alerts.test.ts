import { lawOf } from './law';
import { AlertReceiver, GitLabEndpoint, PlatformAlerts, SelfHostedGitLab } from '../../src';

lawOf('PlatformAlertsProps', {
  base: (stack) => ({
    gitlab: new SelfHostedGitLab(stack, 'GitLab', { location: 'koreacentral', backup: {}, endpoint: GitLabEndpoint.customDomain('gitlab.example.com') }),
    receivers: [AlertReceiver.owners()],
  }),
  make: (stack, props) => new PlatformAlerts(stack, 'X', props),
});
