// Microsoft.ContainerService: the authorities that nodes trust besides public ones.
// Not checked: whether a certificate is an authority's, and what nodes do with it.
import { AzureError } from './azure-error';

const CERTIFICATE = /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=]+\n)+-----END CERTIFICATE-----\n?$/;

/** As AKS says it: one certificate to an item, without the line ends of Windows. */
export function checkNodeTrust({ securityProfile }: any): void {
  const certificates: string[] = securityProfile?.customCATrustCertificates ?? [];
  if (certificates.length > 10) {
    throw new AzureError(400, 'InvalidParameter', 'at most 10 certificates');
  }
  if (certificates.some((one) => !CERTIFICATE.test(Buffer.from(one, 'base64').toString()))) {
    throw new AzureError(400, 'InvalidParameter', 'failed to decode one of SecurityProfile.CustomCATrustCertificates to PEM after base64 decoding');
  }
}
