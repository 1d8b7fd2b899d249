import { GitLabSmtpOptions } from './gitlab-smtp';
import { mailSettings } from './mail';
import { judgeIncomingMail } from './raw-incoming-mail';
import { known } from '../../private/rules/subject';
import { Finding } from '../gitlab-rb/omnibus-judgement';
import { OmnibusSettings, Section } from '../gitlab-rb/omnibus-settings';
import { isGiven, UNLESS_MEANT, valueAt, wrongValue } from '../gitlab-rb/settings-reading';

const AUTHENTICATIONS = ['login', 'plain', 'cram_md5'];
const NO_AUTHENTICATION = ['', 'false', 'none'];
const VERIFY_MODES = ['none', 'peer', 'client_once', 'fail_if_no_peer_cert'];

/** Judges GitLab's own keys for mail, on top of what `smtp` makes of them: which ones Omnibus or the mail library stops at, and which are for nothing. */
export function judgeMail(settings: OmnibusSettings, smtp: GitLabSmtpOptions | undefined): Finding[] {
  return [...judgeSmtp(settings, smtp), ...judgeGraph(settings, smtp), ...judgeIncomingMail(settings)];
}

const GRAPH = 'microsoft_graph_mailer';

/** With a gap, GitLab sends nothing; beside another way, it takes one of the two. */
function judgeGraph(settings: OmnibusSettings, smtp: GitLabSmtpOptions | undefined): Finding[] {
  if (valueAt(settings, 'gitlab_rails', `${GRAPH}_enabled`) !== true) {
    return [];
  }
  const missing = ['user_id', 'tenant', 'client_id', 'client_secret'].map((key) => `${GRAPH}_${key}`).filter((key) => !isGiven(settings, 'gitlab_rails', key));
  return [
    ...missing.map((key) => wrongValue(['gitlab_rails', key], 'missing, without which GitLab sends no mail', undefined, 'give it too, as in the registration of the application in Entra ID')),
    ...smtp || valueAt(settings, 'gitlab_rails', 'smtp_enable') === true
      ? [wrongValue(['gitlab_rails', `${GRAPH}_enabled`], 'beside SMTP, and GitLab sends mail in one way', true, 'leave one of the two out')] : [],
  ];
}

function judgeSmtp(settings: OmnibusSettings, smtp: GitLabSmtpOptions | undefined): Finding[] {
  const given: Section = (valueAt(settings, 'gitlab_rails') ?? {}) as Section;
  if (!Object.keys(given).some((key) => key.startsWith('smtp_') && isGiven(given, key))) {
    return [];
  }
  const all: Section = { ...smtp && mailSettings(smtp), ...given };
  const value = (key: string) => valueAt(all, key);
  const refused = (key: string, problem: string, remedy: string) => [wrongValue(['gitlab_rails', key], problem, value(key), remedy)];
  if (value('smtp_enable') !== true) {
    return isGiven(all, 'smtp_address') && !isGiven(all, 'smtp_enable')
      ? refused('smtp_address', 'not read unless smtp_enable is true', 'set gitlab_rails.smtp_enable to true too, or set smtp instead') : [];
  }
  const [authentication, verification] = ['smtp_authentication', 'smtp_openssl_verify_mode'].map(value);
  const tls = given.smtp_tls === undefined ? 'smtp_enable_starttls_auto' : 'smtp_tls';
  return [
    ...value('smtp_tls') === true && value('smtp_enable_starttls_auto') === true
      ? refused(tls, 'TLS and STARTTLS exclude each other', 'set smtp_enable_starttls_auto to false for port 465, or smtp_tls to false for port 587') : [],
    ...authentication !== undefined && ![...AUTHENTICATIONS, ...NO_AUTHENTICATION].includes(String(authentication).toLowerCase())
      ? refused('smtp_authentication', 'not a way to sign in that GitLab knows', 'give "login", "plain", "cram_md5" or false') : [],
    ...verification !== undefined && !VERIFY_MODES.includes(String(verification))
      ? refused('smtp_openssl_verify_mode', 'no such mode', 'give "peer" or "none"') : [],
    ...Number(value('smtp_port')) === 465 && !isGiven(all, 'smtp_ssl') && (value('smtp_tls') === false || !isGiven(all, 'smtp_tls'))
      ? refused('smtp_port', 'servers encrypt from the start at this port', `set smtp_tls to true and smtp_enable_starttls_auto to false, or give 587${UNLESS_MEANT}`) : [],
    ...[587, 25].includes(Number(value('smtp_port'))) && (value('smtp_tls') === true || value('smtp_ssl') === true) && value('smtp_enable_starttls_auto') !== true
      ? refused('smtp_port', 'servers do not encrypt from the start at this port', `give 465, or set smtp_tls to false and smtp_enable_starttls_auto to true${UNLESS_MEANT}`) : [],
    ...isBlocked(all)
      ? refused('smtp_port', 'Azure blocks outbound mail on port 25, which GitLab uses unless told otherwise', `give 587 or 465${UNLESS_MEANT} for a relay in your network`) : [],
  ];
}

/** Mail to the machine itself, or to an address of a private network, passes. */
function isBlocked(rails: Section): boolean {
  const [address, port] = ['smtp_address', 'smtp_port'].map((key) => rails[key] ?? undefined);
  const near = address === undefined || !known(address) || /^(localhost$|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(String(address));
  return !near && (port === undefined || Number(valueAt(rails, 'smtp_port')) === 25);
}
