import { Construct } from 'constructs';
import { isOne } from '../../private/own-class';
import { refuseStranger, shown } from '../../private/rules/objects';
import { Rule } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { IKubernetesCluster } from '../kubernetes-cluster';
import { ManifestDelivery } from '../manifest-delivery';

/** A cluster to add something to, ours or an imported one. */
export function aCluster<T extends IKubernetesCluster>(): Rule<T> {
  const expected = 'an AksCluster, or AksCluster.fromAksClusterAttributes(…)';
  return {
    expected,
    take(subject, value) {
      refuseStranger(subject, value, ManifestDelivery);
      if (!Construct.isConstruct(value) || !isOne((value as IKubernetesCluster).manifestDelivery, ManifestDelivery)) {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a cluster', got: shown(value), remedy: `give ${expected}` });
      }
      return value as T;
    },
  };
}
