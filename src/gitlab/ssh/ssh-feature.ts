import { checkShownPort, checkSshServer, sshPort, sshSetUp } from './ssh-port';
import { Feature } from '../private/feature';

export const SSH_FEATURE = {
  rules: { sshPort: sshPort() },
  together: checkShownPort,
  plan: ({ omnibusSettings, sshPort: port }) => ({
    check: (scope) => checkSshServer(scope, port, omnibusSettings),
    create: () => ({ setUp: sshSetUp(port, omnibusSettings) }),
  }),
} satisfies Feature;
