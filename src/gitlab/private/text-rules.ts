import { Rule } from '../../private/rules/rule';
import { text } from '../../private/rules/scalars';
import { visible } from '../../private/rules/visible';

/** A mail address that no shell and no Ruby reads as anything else. */
export function mailAddress(): Rule<string> {
  return text('a mail address', /^[^\s@"'\\#$%{}]+@[^\s@"'\\#$%{}]+$/);
}

/** A name with at least one dot, as a certificate is issued for. */
export function domainName(): Rule<string> {
  return visible(text('a DNS name in lower case such as "gitlab.example.com", without scheme, port and path',
    /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/));
}

/** A name that a network of one's own may know too. */
export function hostName(): Rule<string> {
  return text('a DNS name in lower case such as "host.example.com"',
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/);
}

/** Text that a person reads or writes, on one line. */
export function line(most: number): Rule<string> {
  return text(`1 to ${most} characters on one line`, new RegExp(`^(?=.*\\S)[^\\x00-\\x1f\\x7f]{1,${most}}$`));
}
