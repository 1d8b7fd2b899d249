import { resourceGroup } from '../../azure/private/place-rules';
import { tags } from '../../azure/private/rules';
import { aCluster } from '../../delivery/private/cluster-rule';
import { SelfHostedGitLab } from '../../gitlab/self-hosted-gitlab';
import { list } from '../../private/rules/collections';
import { instanceOf } from '../../private/rules/objects';
import { required, Rules, Together } from '../../private/rules/rule';
import { integer, trueOrFalse } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { AlertReceiver } from '../alert-receiver';
import { PlatformAlertsProps } from '../platform-alerts-props';

/** As much as an action group can have of a kind, and more than anybody should wake. */
const MOST_RECEIVERS = 10;

export const ALERTS: Rules<PlatformAlertsProps> = {
  gitlab: required(instanceOf(SelfHostedGitLab, 'a SelfHostedGitLab')),
  cluster: aCluster(),
  receivers: required(list(instanceOf(AlertReceiver, 'AlertReceiver.owners(), or what another of its methods returns'), {
    least: 1, most: MOST_RECEIVERS, same: ({ _receiver }) => JSON.stringify(_receiver),
  })),
  monthlyBudget: integer(1, 1e9),
  outsideTestEnabled: trueOrFalse(),
  certificateTestEnabled: trueOrFalse(),
  resourceGroup: resourceGroup(),
  tags: tags(),
};

export const alertsTogether: Together<PlatformAlertsProps> = (at, { gitlab, outsideTestEnabled, certificateTestEnabled }) => {
  const { where } = at('gitlab');
  const { reachable } = gitlab._watched;
  if (outsideTestEnabled && reachable === 'no') {
    throw new ValidationError(where, {
      prop: 'outsideTestEnabled', problem: 'the Internet does not reach GitLab', got: true, remedy: 'leave it out, or open webAllowedCidrs of the server to all',
    });
  }
  if (certificateTestEnabled && !(outsideTestEnabled ?? reachable === 'yes')) {
    throw new ValidationError(where, {
      prop: 'certificateTestEnabled', problem: 'there is no test from outside', got: true, remedy: 'leave it out, or set outsideTestEnabled to true',
    });
  }
  if (certificateTestEnabled && gitlab.gitlabUrl.startsWith('http:')) {
    throw new ValidationError(where, {
      prop: 'certificateTestEnabled', problem: 'plain HTTP has no certificate', got: true, remedy: 'leave it out, or choose another endpoint of the server',
    });
  }
};
