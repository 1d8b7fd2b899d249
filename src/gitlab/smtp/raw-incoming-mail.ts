import { Finding } from '../gitlab-rb/omnibus-judgement';
import { OmnibusSettings } from '../gitlab-rb/omnibus-settings';
import { isGiven, valueAt, wrongValue } from '../gitlab-rb/settings-reading';
import { judgeTlsPort } from '../gitlab-rb/tls-ports';

const KINDS = ['incoming_email', 'service_desk_email'];
const METHODS = ['imap', 'microsoft_graph'];
/** Of IMAP. */
const PORTS = { 143: false, 993: true };

/** Judges GitLab's own keys for mail that it reads: with most mistakes it says nothing, and reads none. */
export function judgeIncomingMail(settings: OmnibusSettings): Finding[] {
  const isOn = (kind: string) => valueAt(settings, 'gitlab_rails', `${kind}_enabled`) === true;
  return [
    ...KINDS.filter(isOn).flatMap((kind) => judgeMailbox(settings, kind)),
    ...isOn('service_desk_email') && !isGiven(settings, 'gitlab_rails', 'incoming_email_enabled') ? [
      wrongValue(['gitlab_rails', 'service_desk_email_enabled'], 'not read while incoming_email_enabled is not true', true, 'set up incoming_email too, with an address of its own'),
    ] : [],
  ];
}

function judgeMailbox(settings: OmnibusSettings, kind: string): Finding[] {
  const at = (key: string) => ['gitlab_rails', `${kind}_${key}`];
  const value = (key: string) => valueAt(settings, ...at(key));
  const [address, method, port, ssl] = ['address', 'inbox_method', 'port', 'ssl'].map(value);
  const example = `give one such as "${kind === 'incoming_email' ? 'incoming' : 'help'}+%{key}@example.com"`;
  return [
    ...isGiven(settings, ...at('address')) ? [] : [wrongValue(at('address'), 'missing, without which GitLab reads no mail', undefined, example)],
    ...typeof address === 'string' && /(^|[^%])\{key\}|@.*%\{key\}/.test(address)
      ? [wrongValue(at('address'), 'nothing in it stands for what a mail answers', address, `${example}, with %{key} before the @`)] : [],
    ...method !== undefined && !METHODS.includes(String(method))
      ? [wrongValue(at('inbox_method'), 'no way to read mail that GitLab has', method, `give ${METHODS.map((one) => `"${one}"`).join(' or ')}`)] : [],
    ...method === 'microsoft_graph' && !isGiven(settings, ...at('inbox_options'))
      ? [wrongValue(at('inbox_options'), 'missing, without which no mail is read', undefined, 'give tenant_id, client_id and client_secret')] : [],
    ...judgeTlsPort({ servers: 'servers', encrypts: PORTS, ifEncrypted: `set ${kind}_ssl to true`, ifPlain: 'give 993' }, at('port'), port, typeof ssl === 'boolean' ? ssl : undefined),
  ];
}
