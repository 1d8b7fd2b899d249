import { Token } from 'cdktf';
import { omnibusKeys } from './omnibus-keys';
import { KeyVaultSecret } from '../../azure/key-vault-secret';
import { isOne } from '../../private/own-class';

/**
 * Keys of gitlab.rb as data: sections with their keys (`{ gitlab_rails: { time_zone: 'Asia/Seoul' } }`), and single keys
 * such as `registry_external_url`.
 */
export type OmnibusSettings = { readonly [name: string]: any };

export type Section = { [key: string]: unknown };

/** A map of keys, not a list, null, a secret or something only the apply knows. */
export function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Token.isUnresolved(value) && !isOne(value, KeyVaultSecret);
}

/** The single keys, which are methods in gitlab.rb; all others are sections. */
export function isSingleKey(name: string): boolean {
  return omnibusKeys().singles.has(name) && name !== 'git_data_dirs';
}
