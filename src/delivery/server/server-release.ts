import { createHash } from 'crypto';
import { gzipSync } from 'zlib';
import { ITerraformDependable, Lazy, TerraformLocal, TerraformResource, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { scriptTexts } from '../../assets';
import { IAzureVirtualMachine } from '../../azure/azure-virtual-machine';
import { ManagedRunCommand, managedRunCommand } from '../../azure/machine/managed-run-command';
import { belongTo, makeIn } from '../../azure/place/azure-place';
import { namedId, namedPath } from '../../private/construct-moves';
import { remembered } from '../../private/memory';
import { sharedAsset } from '../../private/shared-asset';
import { templateText } from '../../private/terraform-text';
import { InWords, ValidationError } from '../../private/validation-error';
import { IKubernetesCluster } from '../kubernetes-cluster';

const SCRIPTS = ['api_server.py', 'deliver.py'];

// azure takes 256 kB of a script with its parameters, and Linux 128 kB of one parameter.
const LONGEST_MANIFESTS = 120_000;

/** How long the script waits at most beside the release's own time: for roles, names and what has to go first. */
const PATIENCE_MINUTES = 45;

/** One release as the server gets it. Texts may be tokens. */
export interface ServerReleaseProps {
  readonly cluster: IKubernetesCluster;
  readonly server: IAzureVirtualMachine;
  readonly releaseName: string;
  readonly namespace: string;
  readonly timeoutSeconds: number;
  /** An expression for the list of objects. */
  readonly manifests: string;
}

/** Has a server put a release onto a cluster. @returns what is applied once its objects are ready */
export function serverRelease(scope: Construct, id: string, props: ServerReleaseProps): TerraformResource {
  const { cluster, releaseName, namespace } = props;
  const { sweep, releases } = sweepOf(cluster, TerraformStack.of(scope));
  releases.push([namespace, releaseName]);
  const { command } = delivery(scope, id, props, {
    name: 'deliver',
    what: `Delivering ${scope.node.path} to the cluster`,
    timeoutMinutes: Math.ceil(props.timeoutSeconds / 60) + PATIENCE_MINUTES,
    parameters: {
      RELEASE: templateText(releaseName),
      NAMESPACE: namespace,
      TIMEOUT_SECONDS: String(props.timeoutSeconds),
      MANIFESTS: `\${base64gzip(jsonencode(${props.manifests}))}`,
    },
    waitFor: sweep ? [...cluster.ready, sweep] : cluster.ready,
  });
  return command;
}

/** Has the server of a cluster delete what releases that were taken out of the stack have left there. */
export function sweepReleases(cluster: IKubernetesCluster & Construct): void {
  const server = cluster.manifestDelivery._server;
  if (!server) {
    return;
  }
  const known = sweepOf(cluster, TerraformStack.of(cluster));
  const releases = new TerraformLocal(cluster, 'SweepReleases', Lazy.anyValue({
    produce: () => known.releases.map(([namespace, name]) => `${namespace}/${templateText(name)}`),
  }));
  known.sweep = delivery(cluster, 'Sweep', { cluster, server }, {
    name: 'sweep',
    what: `Deleting what is no longer delivered to ${cluster.node.path}`,
    timeoutMinutes: PATIENCE_MINUTES,
    parameters: {
      MODE: 'sweep',
      RELEASES: `\${jsonencode(local.${releases.friendlyUniqueId})}`,
    },
    waitFor: cluster.ready,
  }).command;
}

interface Sweep {
  sweep?: ITerraformDependable;
  readonly releases: [namespace: string, name: string][];
}

/** A stack sweeps only what it delivers itself: it does not know what other stacks bring to the same cluster. */
function sweepOf(cluster: IKubernetesCluster, stack: TerraformStack): Sweep {
  return remembered(cluster, `sweep ${stack.node.addr}`, (): Sweep => ({ releases: [] }));
}

interface Delivery {
  readonly name: string;
  readonly what: string;
  readonly timeoutMinutes: number;
  readonly parameters: { readonly [name: string]: string };
  readonly waitFor: readonly ITerraformDependable[];
}

function delivery(scope: Construct, id: string, { cluster, server }: Pick<ServerReleaseProps, 'cluster' | 'server'>, given: Delivery): ManagedRunCommand {
  const scripts = sharedAsset(scope, 'DeliveryScripts', scriptTexts('delivery'));
  const parameters = {
    API_SERVER: cluster.apiServerUrl,
    CLUSTER_CA: cluster.clusterCaCertificate,
    IDENTITY_CLIENT_ID: server.identityClientId,
    OWNER: ownerOf(cluster, TerraformStack.of(scope)),
    ...given.parameters,
  };
  const files = SCRIPTS.map((script) => `file("\${path.module}/${scripts.path}/${script}")`);
  const made = managedRunCommand(scope, id, {
    ...given,
    virtualMachineId: server.virtualMachineId,
    location: server.location,
    tags: cluster.tags,
    script: {
      expression: `\${join("\\n", ["exec python3 -I - <<'PYTHON'", ${files.join(', ')}, "PYTHON", ""])}`,
      text: SCRIPTS.map((script) => scriptTexts('delivery')[script]).join(''),
    },
    parameters: () => parameters,
  });
  whereMachineIs(made.command, server);
  return made;
}

/** A run command is a part of its machine: the provider takes the subscription from nowhere else. */
function whereMachineIs(command: TerraformResource, server: IAzureVirtualMachine): void {
  const [, subscriptionId] = /^\/subscriptions\/([^/]+)\//i.exec(server.virtualMachineId) ?? [];
  if (subscriptionId !== undefined && !Token.isUnresolved(subscriptionId)) {
    makeIn(command, subscriptionId);
  } else {
    belongTo(command, server);
  }
}

/** By what a stack's releases on a cluster are told from those of others. */
function ownerOf(cluster: IKubernetesCluster, stack: TerraformStack): string {
  return createHash('sha256').update(`${namedId(stack)}\n${namedPath(cluster)}`).digest('hex').slice(0, 16);
}

/** Refuses what is too much for one run command. */
export function checkSize(scope: Construct, manifests: readonly unknown[]): void {
  const length = Math.ceil(gzipSync(JSON.stringify(manifests)).length * 4 / 3);
  if (length > LONGEST_MANIFESTS) {
    throw new ValidationError(scope, {
      prop: 'chart', problem: 'too large to be delivered through a server', got: new InWords(`${length} characters after compression`),
      remedy: `keep to ${LONGEST_MANIFESTS}, divide the chart, or deliver by helmRelease()`,
    });
  }
}
