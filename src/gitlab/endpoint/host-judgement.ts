import { known } from '../../private/rules/subject';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { valueAt, wrongValue } from '../gitlab-rb/settings-reading';

/** Finds hosts without GitLab's own name among them: Rails then refuses whatever asks for GitLab, the set-up too. */
export function judgeHosts(hostname: string | undefined, settings: OmnibusSettings): Finding[] {
  const hosts: unknown = valueAt(settings, 'gitlab_rails', 'allowed_hosts');
  if (hostname === undefined || !known(hostname) || !Array.isArray(hosts) || hosts.length === 0) {
    return [];
  }
  return hosts.every((host) => known(host) && !isFor(String(host), hostname))
    ? [wrongValue(['gitlab_rails', 'allowed_hosts'], 'without GitLab\'s own name, so that it would answer nobody', hosts, `add "${hostname}"`)]
    : [];
}

/** One that begins with a dot is for all names below it too. */
function isFor(host: string, hostname: string): boolean {
  const [name, wanted] = [host.replace(/:\d+$/, '').toLowerCase(), hostname.toLowerCase()];
  return name.startsWith('.') ? `.${wanted}`.endsWith(name) : name === wanted;
}
