import { CloudHosts } from '../azure/place/cloud-hosts';
import { uuid } from '../azure/private/rules';
import { takeOptional, takeValue } from '../private/rules/rule';
import { secretReference } from '../private/rules/scalars';

/** The Entra application that every AKS API server is, the same in all tenants. */
const AKS_SERVER_ID = '6dae42f8-4368-4678-94ff-3960e28e3630';

/** A program that prints a token for the API server, as a kubeconfig's `exec` names it. */
interface ExecCommand {
  readonly command: string;
  readonly args: string[];
}

/**
 * How the machine that runs `terraform apply` signs in to the cluster's API server. The deployer needs a role in the cluster, see
 * `deployerObjectIds`. All but `azureCli()` and `token()` need `kubelogin` on the PATH.
 * @see https://learn.microsoft.com/azure/aks/kubelogin-authentication
 */
export class KubernetesSignIn {
  /**
   * The token of the account signed in with `az login`. It needs only the Azure CLI.
   * @param tenantId the cluster's Entra tenant, a UUID; defaults to the tenant of the CLI's current subscription. Omit it if a managed
   * identity is signed in, because `az` does not accept a tenant then.
   * @see https://learn.microsoft.com/cli/azure/account#az-account-get-access-token
   */
  static azureCli(tenantId?: string): KubernetesSignIn {
    const tenant = takeOptional('KubernetesSignIn.azureCli', 'tenantId', tenantId, uuid());
    const credential = "{apiVersion:'client.authentication.k8s.io/v1beta1',kind:'ExecCredential',status:{token:accessToken}}";
    return new KubernetesSignIn(() => ({
      command: 'az',
      args: [
        'account', 'get-access-token', '--resource', AKS_SERVER_ID, '--output', 'json', '--query', credential,
        ...(tenant === undefined ? [] : ['--tenant', tenant]),
      ],
    }));
  }

  /** A service principal, from AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH. */
  static servicePrincipal(): KubernetesSignIn {
    return KubernetesSignIn.kubelogin('spn');
  }

  /** The managed identity of the machine that runs `terraform apply`. */
  static managedIdentity(): KubernetesSignIn {
    return KubernetesSignIn.kubelogin('msi');
  }

  /** The federated token of a CI job, from AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE. */
  static workloadIdentity(): KubernetesSignIn {
    return KubernetesSignIn.kubelogin('workloadidentity');
  }

  /**
   * A token obtained by other means, for example by a CI job.
   * @param token a sensitive Terraform variable or another reference, such as `variable.stringValue`; no literal text.
   */
  static token(token: string): KubernetesSignIn {
    return new KubernetesSignIn(undefined, takeValue('KubernetesSignIn.token', 'token', token, secretReference()));
  }

  /** By the name of kubelogin's login mode. `az` has a cloud of its own, kubelogin takes the public one without a word. */
  private static kubelogin(login: string): KubernetesSignIn {
    return new KubernetesSignIn(({ keyVaultDriver: cloud }) => ({
      command: 'kubelogin', args: ['get-token', '--server-id', AKS_SERVER_ID, '--login', login, ...cloud === '' ? [] : ['--environment', cloud]],
    }));
  }

  private constructor(
    /** @internal the command for a cloud. */
    readonly _exec?: (cloud: CloudHosts) => ExecCommand,
    /** @internal */
    readonly _token?: string,
  ) {}
}
