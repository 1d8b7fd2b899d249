import { Fn, Token } from 'cdktf';

/** Base64 of a text that the apply alone may know. */
export function encoded(certificate: string): string {
  return Token.isUnresolved(certificate) ? Fn.base64encode(certificate) : Buffer.from(certificate).toString('base64');
}

/** Certificates one below the other. */
export function joined(certificates: readonly string[]): string {
  return certificates.some((one) => Token.isUnresolved(one)) ? Fn.join('\n', [...certificates]) : certificates.join('');
}
