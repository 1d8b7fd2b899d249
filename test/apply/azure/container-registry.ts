// Microsoft.ContainerRegistry: cache rules of a registry, and the account at an upstream registry that it pulls with. What is refused is what Microsoft's
// documentation says. Not checked: whether an account is good, and any pull.
import { parentId } from './arm-id';
import { Arm, AzureError } from './core';
import { uuidOf } from './login';

const REGISTRY = 'Microsoft.ContainerRegistry/registries';
const CREDENTIALS = `${REGISTRY}/credentialSets`;
const RULE = `${REGISTRY}/cacheRules`;
const SECRET = /^https:\/\/[a-z0-9-]+\.vault\.azure\.net\/secrets\/[A-Za-z0-9-]+$/;
/** Without the asterisk that it ends with. */
const reach = (repository: string): string => repository.replace(/\*$/, '');

export function addContainerRegistry(arm: Arm): void {
  const invalid = (message: string) => new AzureError(400, 'BadRequest', message);
  arm.references.push({ key: /^properties\.credentialSetResourceId$/, type: CREDENTIALS });
  arm.add(
    { type: REGISTRY },
    {
      type: CREDENTIALS,
      slow: true,
      check({ path, body: { identity, properties } }) {
        const [{ usernameSecretIdentifier: username, passwordSecretIdentifier: password }] = properties.authCredentials;
        if (!/^[a-zA-Z0-9-]{5,50}$/.test(path.names.at(-1)!) || identity?.type !== 'SystemAssigned' || ![username, password].every((uri) => SECRET.test(uri))) {
          throw invalid('a credential set has an identity of its own, and secrets of a Key Vault without a version');
        }
      },
      fill(resource, _, before) {
        resource.identity = before?.identity ?? { ...resource.identity, principalId: uuidOf(`${resource.id} ${Date.now()}`), tenantId: uuidOf('tenant') };
      },
      checkDelete({ id }) {
        if (arm.list(RULE).some(({ properties }) => properties.credentialSetResourceId?.toLowerCase() === id.toLowerCase())) {
          throw new AzureError(409, 'CredentialSetInUse', 'the credential set is used by a cache rule');
        }
      },
    },
    {
      type: RULE,
      slow: true,
      check({ id, path, body: { properties } }) {
        const { sourceRepository: source, targetRepository: target, credentialSetResourceId: credentials } = properties;
        if (!/^[a-zA-Z0-9-]{5,50}$/.test(path.names.at(-1)!) || source.endsWith('/*') !== target.endsWith('/*')) {
          throw invalid('a cache rule has a wildcard at the end of both repositories or of none');
        }
        if (source.startsWith('docker.io/') && !credentials) {
          throw invalid('docker.io supports authenticated pulls only');
        }
        if (!/^(docker\.io|mcr\.microsoft\.com|public\.ecr\.aws|ghcr\.io|quay\.io|registry\.k8s\.io|gcr\.io)\//.test(source)) {
          throw invalid(`the upstream registry of ${source} is not supported`);
        }
        const others = arm.list(RULE, `${parentId(id)}/`).filter((other) => other.id.toLowerCase() !== id.toLowerCase())
          .map((other) => reach(other.properties.targetRepository));
        if (others.some((other) => other.startsWith(reach(target)) || reach(target).startsWith(other))) {
          throw new AzureError(409, 'Conflict', `the target of the rule overlaps with that of another: ${target}`);
        }
      },
    },
  );
}
