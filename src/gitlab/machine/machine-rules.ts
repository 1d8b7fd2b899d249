import { also, Rule } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { visible } from '../../private/rules/visible';
import { ValidationError } from '../../private/validation-error';

// what Azure refuses as the administrator's name on Linux.
const RESERVED_USERNAMES = [
  '1', '123', 'a', 'actuser', 'adm', 'admin', 'admin1', 'admin2', 'administrator', 'aspnet', 'backup', 'console', 'david', 'guest', 'john',
  'owner', 'root', 'server', 'sql', 'support', 'support_388945a0', 'sys', 'test', 'test1', 'test2', 'test3', 'user', 'user1', 'user2',
  'user3', 'user4', 'user5',
];
// system users of Ubuntu and of GitLab's package: adding one of these fails, or hands the login to a service.
const SYSTEM_USERNAMES = [
  'bin', 'daemon', 'games', 'git', 'gitlab-prometheus', 'gitlab-psql', 'gitlab-redis', 'gitlab-www', 'irc', 'list', 'lp', 'mail', 'man',
  'news', 'nobody', 'proxy', 'registry', 'sshd', 'sync', 'syslog', 'ubuntu', 'uucp', 'www-data',
];

/** A name below `<region>.cloudapp.azure.com`. */
export function domainNameLabel(): Rule<string> {
  return visible(text('3 to 63 lower-case letters, digits and "-", first a letter, last no "-"', /^[a-z][a-z0-9-]{1,61}[a-z0-9]$/));
}

/** @see https://learn.microsoft.com/azure/virtual-machines/linux/faq#what-are-the-username-requirements-when-creating-a-vm- */
export function adminUsername(): Rule<string> {
  const expected = 'at most 32 lower-case letters, digits, "-" and "_", first a letter or "_"';
  return also(text(expected, /^[a-z_][a-z0-9_-]{0,31}$/), ({ where, prop }, name) => {
    if ([...RESERVED_USERNAMES, ...SYSTEM_USERNAMES].includes(name)) {
      throw new ValidationError(where, {
        prop, problem: 'reserved by Azure, Ubuntu or GitLab', got: name, remedy: 'give another name such as "azureuser"',
      });
    }
  });
}
