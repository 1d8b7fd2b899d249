import { createHash } from 'crypto';
import { Fn, Token } from 'cdktf';
import { vaultName } from '../../azure/access/vault-name';
import { KeyVaultSecret } from '../../azure/key-vault-secret';
import { hasToken, rubyQuoted } from '../../private/terraform-text';

/** Where the scripts put what gitlab.rb reads; nobody but root gets in. */
const READ_FOLDER = '/etc/gitlab/secrets';
/** Where they put what gitlab.rb only names; GitLab reads it itself, as the user `git`. */
const NAMED_FOLDER = '/etc/gitlab/secret-files';

const ID_LENGTH = 16;

/** The name of a secret's file: another one for each secret, whatever other secrets there are. Azure tells no capitals from small letters in either name. */
export function secretFileId(secret: KeyVaultSecret): string {
  const name = `${vaultName(secret._keyVaultId)}/${secret._secretName}`;
  return hasToken(name)
    ? Token.asString(Fn.substr(Fn.sha256(Fn.lower(Fn.join('/', [vaultName(secret._keyVaultId), secret._secretName]))), 0, ID_LENGTH))
    : createHash('sha256').update(name.toLowerCase()).digest('hex').slice(0, ID_LENGTH);
}

/** The file that gitlab.rb reads a secret from. */
export function secretFilePath(secret: KeyVaultSecret): string {
  return `${READ_FOLDER}/${secretFileId(secret)}`;
}

/** A secret's value as an expression of Ruby, which reads it on the machine: so it is in no plan, no state and no parameter. */
export function secretRuby(secret: KeyVaultSecret): string {
  const { kind, prefix, suffix } = secret._form;
  const id = secretFileId(secret);
  if (kind === 'path') {
    return rubyQuoted(`${NAMED_FOLDER}/${id}`);
  }
  const content = `File.read(${rubyQuoted(`${READ_FOLDER}/${id}`)}, encoding: "UTF-8").chomp`;
  switch (kind) {
    case 'json': return `JSON.parse(${content})`;
    case 'integer': return `Integer(${content}, 10)`;
    default: return joined(prefix, kind === 'url' ? `${content}${PERCENT_ENCODED}` : content, suffix);
  }
}

const PERCENT_ENCODED = '.b.gsub(/[^A-Za-z0-9._~-]/n) { |byte| format("%%%02X", byte.ord) }.encode("UTF-8")';

function joined(prefix: string | undefined, value: string, suffix: string | undefined): string {
  return [...prefix ? [rubyQuoted(prefix)] : [], value, ...suffix ? [rubyQuoted(suffix)] : []].join(' + ');
}
