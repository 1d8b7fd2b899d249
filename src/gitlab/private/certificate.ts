import { checkPattern, Subject } from '../../private/checks';

/** A certificate as PEM text. */
export function checkCaCertificate(where: Subject['where'], certificate: string | undefined): void {
  checkPattern({ where, prop: 'caCertificate' }, certificate, /^\s*(-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----\s*)+$/,
    'one or more certificates as PEM, "-----BEGIN CERTIFICATE-----" and on');
}
