import { list } from './collections';
import { Rule } from './rule';
import { text } from './scalars';
import { known, refusal } from './subject';
import { ValidationError } from '../validation-error';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----[\\sA-Za-z0-9+/=]+-----END CERTIFICATE-----\\s*';

/** One or more certificates as text. */
export function pemCertificate(): Rule<string> {
  return withoutPrivateKey(text('one or more certificates as PEM, "-----BEGIN CERTIFICATE-----" and on', new RegExp(`^\\s*(${CERTIFICATE})+$`)));
}

/** One certificate as text, without what surrounds it and in lines as Linux has them. */
export function onePemCertificate(): Rule<string> {
  const rule = withoutPrivateKey(text('one certificate as PEM, "-----BEGIN CERTIFICATE-----" and on', new RegExp(`^\\s*(${CERTIFICATE})+$`)));
  return {
    expected: rule.expected,
    take(subject, value) {
      const certificate = rule.take(subject, value);
      if (!known(certificate)) {
        return certificate;
      }
      const count = certificate.match(/BEGIN/g)!.length;
      if (count > 1) {
        throw refusal(subject, 'several certificates in one text', count, 'give each as an item of its own');
      }
      return `${certificate.replace(/\r\n?/g, '\n').trim()}\n`;
    },
  };
}

/** Authorities to be trusted besides public ones, as many as AKS takes. */
export function authorities(): Rule<string[]> {
  return list(onePemCertificate(), { least: 1, most: 10, orElse: 'leave it out' });
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
