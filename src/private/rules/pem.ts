import { Rule } from './rule';
import { text } from './scalars';
import { ValidationError } from '../validation-error';

/** One or more certificates as text. */
export function pemCertificate(): Rule<string> {
  return withoutPrivateKey(text('one or more certificates as PEM, "-----BEGIN CERTIFICATE-----" and on',
    /^\s*(-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----\s*)+$/));
}

/** The same rule for text that a private key could be taken for by mistake; an error does not show that. */
export function withoutPrivateKey(rule: Rule<string>): Rule<string> {
  return {
    expected: rule.expected,
    take(subject, value) {
      if (typeof value === 'string' && value.includes('PRIVATE KEY')) {
        throw new ValidationError(subject.where, {
          prop: subject.prop, problem: 'a private key, which must never leave your machine', got: '-----BEGIN …', remedy: `give ${rule.expected}`,
        });
      }
      return rule.take(subject, value);
    },
  };
}
