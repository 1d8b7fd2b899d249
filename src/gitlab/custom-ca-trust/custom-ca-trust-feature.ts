import { authorities } from '../../private/rules/pem';
import { Feature } from '../private/feature';

const SCRIPTS = ['custom-ca-trust.sh'];

/** Whom the machine and GitLab trust besides public authorities. The scripts also take back what an earlier list was. */
export const CUSTOM_CA_TRUST_FEATURE = {
  rules: { customCaTrustCertificates: authorities() },
  plan: ({ customCaTrustCertificates: certificates = [] }) => ({
    create: () => ({
      setUp: {
        inSteps: { metadata: { scripts: SCRIPTS, parameters: { CUSTOM_CA_TRUST: certificates.join('\n') } }, gitlab: { scripts: SCRIPTS } },
        onFurtherMachines: { scripts: SCRIPTS },
      },
    }),
  }),
} satisfies Feature;
