import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { until } from './lane';

/** The certificate that the machine's web server shows to who asks for a name, and whether an authority vouches for it under that name. */
export async function shownCertificate(name: string, ca?: string): Promise<{ readonly certificate: X509Certificate; readonly trusted: boolean }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: 443, servername: name, rejectUnauthorized: false, ca }, () => {
      resolve({ certificate: new X509Certificate(socket.getPeerCertificate(true).raw), trusted: socket.authorized });
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

/** Waits until one is shown that fits: nginx is told by a signal, and nobody waits for it. */
export function untilShown(name: string, fits: (certificate: X509Certificate) => boolean): Promise<X509Certificate> {
  return until(`the certificate of ${name}`, async () => {
    const { certificate } = await shownCertificate(name);
    return fits(certificate) && certificate;
  });
}
