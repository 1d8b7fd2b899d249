import { Construct } from 'constructs';
import { ManifestDelivery } from '../../delivery/manifest-delivery';
import { refuseStranger, shown } from '../../private/rules/objects';
import { Rule } from '../../private/rules/rule';
import { ValidationError } from '../../private/validation-error';
import { IAksNodePool } from '../node-pool';

/** A node pool to send workloads to, ours or an imported one. */
export function aksNodePool(): Rule<IAksNodePool> {
  const expected = 'an AksNodePool, or AksNodePool.fromAksNodePoolAttributes(…)';
  return {
    expected,
    take(subject, value) {
      refuseStranger(subject, value, ManifestDelivery);
      if (!Construct.isConstruct(value) || !Array.isArray((value as IAksNodePool).nodeTaints)) {
        throw new ValidationError(subject.where, { prop: subject.prop, problem: 'not a node pool', got: shown(value), remedy: `give ${expected}` });
      }
      return value as IAksNodePool;
    },
  };
}
