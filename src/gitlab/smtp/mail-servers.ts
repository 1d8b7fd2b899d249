import { Fn, Token } from 'cdktf';
import { GitLabSmtpOptions } from './gitlab-smtp';
import { known } from '../../private/rules/subject';

/** Servers for which GitLab's page has something else than what suits most. */
const OTHERS: readonly { readonly host: RegExp; readonly ownDomain?: boolean; readonly authentication?: string }[] = [
  { host: /^smtp\.gmail\.com$/, ownDomain: true },
  { host: /^smtp\.(eu\.)?sendgrid\.net$/, ownDomain: true, authentication: 'plain' },
  { host: /^smtp\.(eu\.)?mailgun\.org$/, authentication: 'plain' },
];

/**
 * How GitLab greets a mail server and signs in.
 *
 * The domain is the sender's, by which Office 365 and others judge who is there: that of the account, which may be another one than the
 * address in the letter. Few servers are greeted by their own name.
 *
 * @see https://docs.gitlab.com/omnibus/settings/smtp/#example-configurations
 */
export function mailSignIn({ host, username, fromAddress }: GitLabSmtpOptions): { readonly domain: string; readonly authentication: string } {
  const other = known(host) ? OTHERS.find((one) => one.host.test(host)) : undefined;
  const account = known(username) && /@[^@\s]+$/.test(username) ? username : fromAddress;
  return { domain: other?.ownDomain ? host : domainOf(account), authentication: other?.authentication ?? 'login' };
}

function domainOf(address: string): string {
  return known(address) ? address.slice(address.lastIndexOf('@') + 1) : Token.asString(Fn.element(Fn.split('@', address), 1));
}
