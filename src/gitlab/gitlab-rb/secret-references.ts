import { Token } from 'cdktf';
import { quotingOf } from './quoting';
import { vaultName } from '../../azure/access/vault-name';
import { KeyVaultSecret } from '../../azure/key-vault-secret';
import { isOne } from '../../private/own-class';
import { secretFileId } from '../set-up/secret-file';

/** A secret and where among the settings it stands: its section, its key, and the keys and indices below. */
export interface SecretReference {
  readonly path: readonly string[];
  readonly secret: KeyVaultSecret;
}

/** All secrets in gitlab.rb's settings, at any depth. */
export function secretReferences(settings: { readonly [section: string]: unknown }): SecretReference[] {
  const found: SecretReference[] = [];
  const visit = (value: unknown, path: readonly string[]) => {
    if (isOne(value, KeyVaultSecret)) {
      found.push({ path, secret: value });
    } else if (typeof value === 'object' && value !== null && !Token.isUnresolved(value)) {
      Object.entries(value).forEach(([key, item]) => visit(item, [...path, key]));
    }
  };
  visit(settings, []);
  return found;
}

/** What the machine has to know of a secret: whence it is to fetch it, and what its value has to bear. */
export interface SecretFile {
  readonly id: string;
  readonly vault: string;
  readonly name: string;
  /** Whether gitlab.rb reads it, and whether it names its path. */
  readonly read: boolean;
  readonly named: boolean;
  /** By the kinds of `quoting.ts`, or `json` and `integer`, each with a key that wants it, for messages. */
  readonly wanted: { readonly [kind: string]: string };
}

/** Each secret once, however many keys want it. */
export function secretFiles(references: readonly SecretReference[]): SecretFile[] {
  const files = new Map<string, SecretFile>();
  for (const { path, secret } of references) {
    const { kind } = secret._form;
    const same = `${secret._keyVaultId}/${secret._secretName}`.toLowerCase();
    const earlier = files.get(same);
    files.set(same, {
      id: secretFileId(secret),
      vault: vaultName(secret._keyVaultId),
      name: secret._secretName,
      read: kind !== 'path' || earlier?.read === true,
      named: kind === 'path' || earlier?.named === true,
      wanted: { ...kindOf(kind, path), ...earlier?.wanted },
    });
  }
  return [...files.values()];
}

function kindOf(kind: string, path: readonly string[]): { [kind: string]: string } {
  const key = path.join('.');
  switch (kind) {
    // a path is no secret, and what is percent-encoded needs no care.
    case 'path': case 'url': return {};
    case 'json': case 'integer': return { [kind]: key };
    default: return { [quotingOf(path)]: key };
  }
}
