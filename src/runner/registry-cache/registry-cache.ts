import { ContainerRegistryCacheRule } from '@cdktf/provider-azurerm/lib/container-registry-cache-rule';
import { ContainerRegistryCredentialSet } from '@cdktf/provider-azurerm/lib/container-registry-credential-set';
import { Fn, Lazy, Token } from 'cdktf';
import { Construct } from 'constructs';
import { AzureRegistryCacheOptions } from './azure-registry-cache-options';
import { cachedImage, cachedJobImages, cachedManagerImage, DOCKER_HUB, KUBERNETES } from './cached-image';
import { AZURE_REGISTRY_CACHE } from './registry-cache-rules';
import { IAksCluster } from '../../aks/cluster';
import { assignIdentityRole } from '../../azure/access/role-assignment';
import { vaultName } from '../../azure/access/vault-name';
import { AzureCloud } from '../../azure/azure-cloud';
import { AzureRole } from '../../azure/azure-role';
import { KeyVaultSecret } from '../../azure/key-vault-secret';
import { StackClouds } from '../../azure/place/stack-clouds';
import { AzureContext } from '../../azure/provider/azure-context';
import { GitLabVersion } from '../../gitlab/gitlab-version';
import { jobImage } from '../../kubernetes/private/image-reference';
import { constructId } from '../../private/construct-id';
import { remembered } from '../../private/memory';
import { takeProps, takeValue } from '../../private/rules/rule';
import { known } from '../../private/rules/subject';
import { checkStack } from '../../private/stack-check';
import { ValidationError } from '../../private/validation-error';
import { Settings } from '../config/settings';
import { releaseOf } from '../manager/manager-plan';

/**
 * A container registry of yours that keeps copies of public images: Docker Hub's under `docker-hub/`, and those of `registry.k8s.io` under
 * `kubernetes/`. Nodes pull from it with their own identity, so that Docker Hub's pull limit counts each image once. Images that jobs name
 * themselves are not changed. Azure cannot cache GitLab's own registry: the runner's images come from Docker Hub.
 * @see https://learn.microsoft.com/azure/container-registry/artifact-cache-overview
 * @example
 * const images = RegistryCache.azure(stack, 'Images', {
 *   registryId,
 *   dockerHubUsername: KeyVaultSecret.of(mailVaultId, 'docker-hub-username'),
 *   dockerHubToken: KeyVaultSecret.of(mailVaultId, 'docker-hub-token'),
 * });
 * new KubernetesGitLabRunner(stack, 'CachedImages', { gitlab, cluster, registryCache: images });
 */
export class RegistryCache extends Construct {
  /** Cache rules of an Azure container registry, with the account at Docker Hub that it pulls with. */
  static azure(scope: Construct, id: string, options: AzureRegistryCacheOptions): RegistryCache {
    return new RegistryCache(scope, id, options);
  }

  /** The registry's login server. */
  public readonly loginServer: string;

  private readonly registryId: string;

  private constructor(scope: Construct, id: string, options: AzureRegistryCacheOptions) {
    super(scope, constructId(new.target, scope, id));
    checkStack(this);
    AzureContext.of(this);
    const given = takeProps(this, 'options', options, AZURE_REGISTRY_CACHE);
    const { registryId: containerRegistryId, dockerHubUsername: username, dockerHubToken: token } = given;
    this.registryId = containerRegistryId;
    this.loginServer = given.loginServer ?? `${registryName(containerRegistryId)}.azurecr.io`;

    const credentials = new ContainerRegistryCredentialSet(this, 'DockerHubCredentials', {
      name: 'docker-hub',
      containerRegistryId,
      loginServer: DOCKER_HUB.registry,
      identity: { type: 'SystemAssigned' },
      authenticationCredentials: { usernameSecretId: this.secretUri(username), passwordSecretId: this.secretUri(token) },
    });
    const vaultIds = [...new Set([username._keyVaultId, token._keyVaultId])];
    vaultIds.forEach((vaultId, index) => assignIdentityRole(
      this, index === 0 ? 'Vault' : 'TokenVault', AzureRole.KEY_VAULT_SECRETS_USER, vaultId, credentials.identity.principalId));
    for (const [ruleId, { registry, folder }, credentialSetId] of [['DockerHub', DOCKER_HUB, credentials.id], ['Kubernetes', KUBERNETES, undefined]] as const) {
      new ContainerRegistryCacheRule(this, ruleId, {
        name: folder, containerRegistryId, sourceRepo: `${registry}/*`, targetRepo: `${folder}/*`, credentialSetId,
      });
    }
  }

  /**
   * An image's name in the cache. Images of other registries keep their names.
   * @param image its name without a cache, such as `node:22` or `grafana/grafana:12.2.0`.
   */
  public image(image: string): string {
    return cachedImage(this.loginServer, takeValue(this, 'image', image, jobImage()));
  }

  /**
   * The manager's image.
   * @internal
   */
  public _managerImage(version: GitLabVersion): string {
    return cachedManagerImage(this.loginServer, releaseOf(version));
  }

  /**
   * Settings of a runner with the images that jobs need beside their own.
   * @internal
   */
  public _jobImages(version: GitLabVersion, settings: Settings, nodeSelector: { readonly [label: string]: string }): Settings {
    return cachedJobImages(this.loginServer, releaseOf(version), settings, nodeSelector);
  }

  /** The newest version, so that a token that is replaced in the vault is taken up. */
  private secretUri({ _keyVaultId: vaultId, _secretName: name }: KeyVaultSecret): string {
    // regions tell the cloud, and constructs that have one may come later.
    const host = Lazy.stringValue({ produce: () => StackClouds.of(this).hosts.keyVault });
    return `https://${vaultName(vaultId)}.${host}/secrets/${name}`;
  }

  /**
   * Lets a cluster's nodes pull, once for all its runners.
   * @internal
   */
  public _attach(cluster: IAksCluster): void {
    if (this.loginServer.endsWith('.azurecr.io') && StackClouds.of(this).hosts.cloud !== AzureCloud.PUBLIC) {
      throw new ValidationError(this, {
        prop: 'loginServer', problem: 'of another cloud than the cluster', got: this.loginServer, remedy: 'give that of the registry, such as "acme.azurecr.us"',
      });
    }
    const attached = remembered(cluster, 'registryCaches', () => new Set<Construct>());
    if (!attached.has(this)) {
      attached.add(this);
      cluster.attachAcr(`RegistryCache${attached.size === 1 ? '' : attached.size}`, this.registryId);
    }
  }
}

/** Login servers are in lower case, whatever the registry's name is like. */
function registryName(registryId: string): string {
  return known(registryId) ? registryId.split('/')[8].toLowerCase() : Token.asString(Fn.lower(Fn.element(Fn.split('/', registryId), 8)));
}
