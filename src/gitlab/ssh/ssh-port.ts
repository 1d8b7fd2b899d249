import { IConstruct } from 'constructs';
import { Rule, Together } from '../../private/rules/rule';
import { decided } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { DEFAULT_SSH_PORT, freePort, shownSshPort } from '../machine/ports';
import { SelfHostedGitLabProps } from '../self-hosted-gitlab-props';
import { SetUpPart } from '../set-up/set-up-part';

export function sshPort(): Rule<number> {
  // what sshd is told, and which port is open.
  return decided(freePort(1, 2222));
}

/** GitLab's own SSH server, which the user may prefer, listens there by itself; else the machine's sshd does, beside 22. */
export function sshSetUp(port: number, settings: OmnibusSettings | undefined): SetUpPart {
  const own = hasGitlabSshd(settings);
  const moved = port !== DEFAULT_SSH_PORT;
  const served = { scripts: ['ssh.sh'], parameters: { SSH_PORT: moved && !own ? String(port) : undefined } };
  return {
    gitlabRb: {
      defaults: moved ? { gitlab_rails: { gitlab_shell_ssh_port: port } } : {},
      fixed: own ? { gitlab_sshd: { listen_address: `[::]:${port}` } } : {},
    },
    inSteps: { 'data-disk': served },
    onFurtherMachines: served,
  };
}

/** GitLab's own key is taken for the prop: a port that is only shown leads nobody to the server. */
export const checkShownPort: Together<SelfHostedGitLabProps> = (at, { omnibusSettings, sshPort: given }) => {
  const shown = shownSshPort(omnibusSettings);
  if (shown === undefined) {
    return;
  }
  const subject = { where: at('sshPort').where, prop: 'omnibusSettings.gitlab_rails.gitlab_shell_ssh_port' };
  const port = sshPort().take(subject, typeof shown === 'string' && /^\d{1,5}$/.test(shown) ? Number(shown) : shown);
  if (given !== undefined && given !== port) {
    throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not the same as sshPort', got: shown, remedy: 'leave it out' });
  }
};

/** Refuses two servers at one port. */
export function checkSshServer(where: IConstruct, port: number, settings: OmnibusSettings | undefined): void {
  if (hasGitlabSshd(settings) && port === DEFAULT_SSH_PORT) {
    throw new ValidationError(where, {
      prop: 'omnibusSettings.gitlab_sshd.enable', problem: 'no port is left for it, since the machine\'s sshd has 22', got: true,
      remedy: 'set sshPort to another one such as 2222, where it then listens',
    });
  }
}

function hasGitlabSshd(settings: OmnibusSettings | undefined): boolean {
  return settings?.gitlab_sshd?.enable === true;
}
