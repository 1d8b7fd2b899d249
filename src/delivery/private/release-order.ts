import { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { waitsFor } from '../../private/dependencies';
import { remembered } from '../../private/memory';
import { ValidationError } from '../../private/validation-error';
import { IKubernetesCluster } from '../kubernetes-cluster';

/** A release as its neighbours on the same cluster see it. */
export interface Neighbour {
  readonly construct: Construct;
  readonly release: TerraformResource;
  /** The namespace that Helm makes for the release's record if it is missing. */
  readonly namespace: () => string;
  /** The namespaces that the release's own objects make. */
  readonly makes: () => readonly string[];
}

/**
 * Refuses at synth what Helm would refuse at apply: a namespace that one release makes as an object of its own must not have
 * been made for another one's record before.
 */
export function checkReleaseOrder(cluster: IKubernetesCluster, release: Neighbour): void {
  const neighbours = remembered(cluster, 'releases', (): Neighbour[] => []);
  neighbours.push(release);
  release.construct.node.addValidation({
    validate: () => {
      const namespace = release.namespace();
      const maker = neighbours.find((other) => other !== release && other.makes().includes(namespace));
      if (!maker || waitsFor(release.release, maker.release)) {
        return [];
      }
      return [new ValidationError(release.construct, {
        prop: 'namespace',
        problem: `made by ${maker.construct.node.path} too, which fails because the namespace exists already`,
        got: namespace,
        remedy: 'call waitFor() with the other release\'s `ready`',
      }).message];
    },
  });
}
