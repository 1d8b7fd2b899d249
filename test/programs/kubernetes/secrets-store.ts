import { customResource } from './custom-resource';

const GROUP = 'secrets-store.csi.x-k8s.io';

const text = { type: 'string' };
const texts = { type: 'object', additionalProperties: text };
const status = { type: 'object', properties: { byPod: { type: 'array', items: { type: 'object', properties: { id: text, namespace: text } } } } };
const secretObjects = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      annotations: texts, labels: texts, secretName: text, type: text,
      data: { type: 'array', items: { type: 'object', properties: { key: text, objectName: text } } },
    },
  },
};

/** The kind that AKS brings along with its Key Vault add-on, with the fields that the driver publishes. */
export const SECRET_PROVIDER_CLASS = customResource(GROUP, 'SecretProviderClass', 'secretproviderclasses', {
  type: 'object',
  properties: {
    apiVersion: text, kind: text, metadata: { type: 'object' },
    spec: { type: 'object', properties: { parameters: texts, provider: text, secretObjects } },
    status,
  },
});
