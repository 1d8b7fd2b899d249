import { BODIES, contentOf } from '../arm-bodies';
import { ARM_TYPES } from '../arm-types';
import { Found } from '../finding';
import { byPlace, Check, inEachSubscription } from '../question';

export const POLICY: Check = {
  name: 'policy',
  run: ({ azure, resources, program }) => inEachSubscription('policies', resources.filter(({ type }) => BODIES[type]), async (subscription, all) => {
    const denials = await Promise.all(all.map(async (resource) => {
      const type = ARM_TYPES[resource.type];
      const answer = await azure.az.ask(`/subscriptions/${subscription}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions`, '2023-03-01', {
        resourceDetails: { resourceContent: contentOf(resource, type, program), apiVersion: BODIES[resource.type].apiVersion },
      });
      const evaluations: any[] = answer.contentEvaluationResult?.policyEvaluations ?? [];
      return evaluations.filter(denies).map((evaluation) => ({ resource: `${type.split('/').at(-1)} ${resource.name ?? resource.path.at(-1)}`, evaluation }));
    }));
    const assignments = byPlace(denials.flat(), ({ evaluation }) => [evaluation.policyInfo.policyAssignmentId]);
    return assignments.length > 0 ? assignments.map(({ all: denied }) => verdict(denied))
      : [{ state: 'ok', what: `policies: none denies one of the ${all.length} resources that were asked about` }];
  }),
};

/** Azure leaves the effect out where the question does not ask for audits. */
function denies({ evaluationResult, effectDetails }: any): boolean {
  return evaluationResult === 'NonCompliant' && /^deny$/i.test(effectDetails?.policyEffect ?? 'deny');
}

function verdict(denied: readonly { readonly resource: string; readonly evaluation: any }[]): Found {
  const [{ evaluation: { policyInfo, evaluationDetails } }] = denied;
  const name = (id: string) => id.split('/').at(-1);
  return {
    state: 'refused',
    what: `policy ${name(policyInfo.policyAssignmentId)} denies ${denied.map(({ resource }) => resource).join(', ')}`
      + (evaluationDetails?.reason ? `: ${evaluationDetails.reason}` : ''),
    remedy: 'docs/landing-zone.md tells what answers it; else ask who governs the subscription for an exemption from this assignment: '
      + policyInfo.policyAssignmentId,
  };
}
