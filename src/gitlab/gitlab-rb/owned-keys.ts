import { NGINX, oldNginxOf } from './nginx-places';

const PINNED_IDS = 'leave it out; the ids are fixed, so that the data disk fits every virtual machine';

/** What the scripts and the other props rely on, and what to do instead. */
export const OWNED: { readonly [key: string]: string } = {
  'external_url': 'set the endpoint instead',
  'letsencrypt': 'set the endpoint instead',
  'nginx.enable': 'leave it out; the server is reached through its nginx',
  'nginx.listen_port': 'leave it out; the endpoint decides, such as GitLabEndpoint.behindProxy()',
  'nginx.listen_https': 'leave it out; the endpoint decides, such as GitLabEndpoint.behindProxy()',
  'nginx.ssl_certificate': 'set the endpoint to a certificate from a Key Vault instead',
  'nginx.ssl_certificate_key': 'set the endpoint to a certificate from a Key Vault instead',
  'high_availability': 'leave it out; it keeps GitLab from starting without its data disk',
  'gitlab_sshd.listen_address': 'set sshPort instead, which also opens the port',
  ...Object.fromEntries(['gitlab_host', 'gitlab_port', 'gitlab_https'].map((key) => [`gitlab_rails.${key}`, 'set the endpoint instead'])),
  'gitlab_rails.gitlab_relative_url': 'leave it out; GitLab has its name for itself, which the endpoint gives it',
  'gitlab_rails.auto_migrate': 'leave it out; an upgrade without its migrations is not finished',
  'gitlab_rails.initial_root_password': 'leave it out; the password is made on the server and put into the server\'s Key Vault',
  'gitlab_rails.initial_shared_runners_registration_token': 'leave it out; it would be readable in the state',
  'postgresql.enable': 'leave it out; the database decides, such as GitLabDatabase.azurePostgresql()',
  'postgresql.dir': 'leave it out; the data has to be on the data disk',
  'postgresql.data_dir': 'leave it out; the data has to be on the data disk',
  ...Object.fromEntries(['user', 'web_server', 'redis', 'postgresql', 'registry', 'prometheus']
    .flatMap((name) => [[`${name}.uid`, PINNED_IDS], [`${name}.gid`, PINNED_IDS]])),
};

/** What a key is called in the table above, whichever spelling of nginx's sections it was given in. */
export function ownedName(path: readonly string[]): string {
  const old = path[1] === NGINX ? oldNginxOf(path[0]) : undefined;
  return (old === undefined ? path : [old, ...path.slice(2)]).join('.');
}

/** The keys of a section that are decided elsewhere. */
export function ownedKeysOf(place: string): string[] {
  const section = ownedName(place.split('.'));
  return Object.keys(OWNED).filter((key) => key.startsWith(`${section}.`)).map((key) => key.slice(section.length + 1));
}
