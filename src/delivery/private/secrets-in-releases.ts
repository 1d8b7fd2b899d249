import { IConstruct } from 'constructs';
import { Manifest } from './manifest-checks';
import { isPlainObject } from '../../private/rules/collections';
import { known } from '../../private/rules/subject';
import { holdsSecret } from '../../private/secret-values';
import { isSensitiveReference } from '../../private/sensitive-references';

/** In charts, "secret" alone is mostly the name of one. */
const NAME = /(passw(or)?d|passphrase|token|(access|account|api|private|secret|signing)_?key|client_?secret|connection_?string)$/i;
const NONE = /^(|true|false|\d|-----BEGIN CERTIFICATE-----[^]*)$/;

/** The paths of what looks like a secret in a chart's values, by name or by value; the values stay unsaid. */
export function secretsInValues(values: unknown, scope: IConstruct, path: readonly string[] = []): string[] {
  if (Array.isArray(values)) {
    return values.flatMap((item, index) => secretsInValues(item, scope, [...path, String(index)]));
  }
  if (isPlainObject(values)) {
    return Object.entries(values).flatMap(([key, value]) => secretsInValues(value, scope, [...path, key]));
  }
  return typeof values === 'string' && isSecret(path[path.length - 1] ?? '', values, scope) ? [path.join('.')] : [];
}

function isSecret(name: string, value: string, scope: IConstruct): boolean {
  return known(value) ? holdsSecret(value) || (NAME.test(name) && !NONE.test(value)) : isSensitiveReference(value, scope);
}

/** Secrets whose content the program itself has: what only the apply knows comes from somewhere that is asked about it. */
export function writtenSecrets(manifests: readonly Manifest[]): string[] {
  return manifests.filter(({ kind, data, stringData }) => kind === 'Secret' && (hasText(stringData, (text) => text) || hasText(data, decoded)))
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

function hasText(entries: unknown, read: (text: string) => string): boolean {
  return isPlainObject(entries) && Object.values(entries).some((text) => typeof text === 'string' && known(text) && !NONE.test(read(text)));
}

function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString();
}
