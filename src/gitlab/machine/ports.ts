import { also, Rule } from '../../private/rules/rule';
import { integer } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { isSection, OmnibusSettings } from '../gitlab-rb/omnibus-settings';

/** Where the machine's sshd listens unless it is told otherwise. */
export const DEFAULT_SSH_PORT = 22;

/** What GitLab's own services listen on, its web server among them. */
const OCCUPIED_PORTS = [
  80, 443, 5000, 5001, 5432, 6379, 8060, 8065, 8080, 8082, 8083, 8090, 8092, 8150, 8151, 8153, 8154, 8155, 9090, 9091, 9092, 9093, 9094, 9100,
  9121, 9122, 9168, 9187, 9229, 9235, 9236,
];

/** A port of the server that none of GitLab's services has by itself. */
export function freePort(minimum: number, example: number): Rule<number> {
  return also(integer(minimum, 65535), ({ where, prop }, port) => {
    if (OCCUPIED_PORTS.includes(port)) {
      throw new ValidationError(where, { prop, problem: 'in use by GitLab itself', got: port, remedy: `give another one such as ${example}` });
    }
  });
}

/** The port of SSH by GitLab's own key, which by itself would only be shown in addresses. */
export function shownSshPort(settings: OmnibusSettings | undefined): unknown {
  const rails: unknown = settings?.gitlab_rails;
  return (isSection(rails) ? rails.gitlab_shell_ssh_port : undefined) ?? undefined;
}
