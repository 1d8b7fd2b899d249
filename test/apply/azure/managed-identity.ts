// Microsoft.ManagedIdentity: user-assigned identities and their federated credentials.
// Not checked: whether an issuer answers, and the tokens that a federated credential gives.
import { AzureError } from './azure-error';
import { Arm } from './core';
import { uuidOf } from './login';

const IDENTITY = 'Microsoft.ManagedIdentity/userAssignedIdentities';

export function addManagedIdentity(arm: Arm): void {
  arm.references.push({ key: /(^|\.)userAssignedIdentities$/, type: IDENTITY });
  arm.add(
    {
      type: IDENTITY,
      stateless: true,
      fill(resource, _, before) {
        resource.properties = before?.properties ?? {
          tenantId: uuidOf('tenant'), principalId: uuidOf(`principal ${resource.id} ${Date.now()}`), clientId: uuidOf(`client ${resource.id} ${Date.now()}`),
        };
      },
    },
    {
      type: `${IDENTITY}/federatedIdentityCredentials`,
      stateless: true,
      check({ id, path, body, before }) {
        const { issuer, subject, audiences } = body.properties;
        const siblings = arm.list(`${IDENTITY}/federatedIdentityCredentials`, `${id.split('/').slice(0, -1).join('/')}/`);
        if (!/^https:\/\//.test(issuer ?? '') || !subject || audiences?.length !== 1) {
          throw new AzureError(400, 'BadRequest', 'a federated credential has an https issuer, a subject and one audience');
        }
        if (siblings.some(({ name, properties }) => name !== path.names.at(-1) && properties.issuer === issuer && properties.subject === subject)) {
          throw new AzureError(409, 'Conflict', `issuer and subject are those of another credential: ${subject}`);
        }
        if (!before && siblings.length >= 20) {
          throw new AzureError(400, 'BadRequest', 'an identity has at most 20 federated credentials');
        }
      },
    },
  );
}
