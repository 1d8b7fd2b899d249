import { TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { AksCluster } from '../../aks/aks-cluster';
import { IAksCluster } from '../../aks/cluster';
import { resourceGroup } from '../../azure/place/place-rules';
import { tags } from '../../azure/private/rules';
import { aCluster } from '../../delivery/private/cluster-rule';
import { SelfHostedGitLab } from '../../gitlab/self-hosted-gitlab';
import { isOne } from '../../private/own-class';
import { list } from '../../private/rules/collections';
import { instanceOf } from '../../private/rules/objects';
import { required, Rules, Together } from '../../private/rules/rule';
import { decided, integer, trueOrFalse } from '../../private/rules/scalars';
import { ValidationError } from '../../private/validation-error';
import { KubernetesGitLabRunner } from '../../runner/kubernetes-gitlab-runner';
import { AlertReceiver } from '../alert-receiver';
import { PlatformAlertsProps } from '../platform-alerts-props';

/** As many conditions as one expression can have, with room to spare. */
const MOST_RUNNERS = 20;

/** As much as an action group can have of a kind, and more than anybody should wake. */
const MOST_RECEIVERS = 10;

export const ALERTS: Rules<PlatformAlertsProps> = {
  gitlab: required(instanceOf(SelfHostedGitLab, 'a SelfHostedGitLab')),
  cluster: aCluster(),
  runners: list(instanceOf(KubernetesGitLabRunner, 'a KubernetesGitLabRunner'), { least: 1, most: MOST_RUNNERS, same: ({ node }) => node.path }),
  receivers: required(list(instanceOf(AlertReceiver, 'one such as AlertReceiver.owners()'), {
    least: 1, most: MOST_RECEIVERS, same: ({ _receiver }) => JSON.stringify(_receiver),
  })),
  serverMetricsEnabled: decided(trueOrFalse()),
  monthlyBudget: integer(1, 1e9),
  outsideTestEnabled: trueOrFalse(),
  certificateTestEnabled: trueOrFalse(),
  resourceGroup: resourceGroup(),
  tags: tags(),
};

export const alertsTogether: Together<PlatformAlertsProps> = (at, props) => {
  const { gitlab, cluster, runners, serverMetricsEnabled, outsideTestEnabled, certificateTestEnabled } = props;
  const { where } = at('gitlab');
  if (runners) {
    refuseElsewhere(where, runners, cluster);
  }
  if (serverMetricsEnabled && gitlab._watchedMetrics.refusal) {
    throw new ValidationError(gitlab, gitlab._watchedMetrics.refusal);
  }
  if (serverMetricsEnabled && typeof where !== 'string' && TerraformStack.of(where) !== TerraformStack.of(gitlab)) {
    throw new ValidationError(where, {
      prop: 'serverMetricsEnabled', problem: 'the server is in another stack, and each would have to be applied before the other', got: gitlab.node.path,
      remedy: 'put both into one stack, or leave it out',
    });
  }
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

/** Metrics are collected by the cluster that the runners are on, which has to be ours to change. */
function refuseElsewhere(where: IConstruct | string, runners: readonly KubernetesGitLabRunner[], cluster: IAksCluster | undefined): void {
  if (!cluster) {
    throw new ValidationError(where, { prop: 'runners', problem: 'no cluster is watched', got: runners[0].node.path, remedy: 'give cluster too' });
  }
  if (!isOne(cluster, AksCluster)) {
    throw new ValidationError(where, {
      prop: 'runners', problem: 'nothing here can switch on the metrics of a cluster that exists already', got: runners[0].node.path,
      remedy: 'leave it out, and set podMonitor of the runner to RunnerPodMonitor.AZURE_MONITOR if the cluster has the add-on',
    });
  }
  const stranger = runners.find(({ _cluster }) => _cluster !== cluster);
  if (stranger) {
    throw new ValidationError(where, {
      prop: 'runners', problem: `not on the cluster ${cluster.node.path}`, got: stranger.node.path, remedy: 'give each cluster a PlatformAlerts of its own, with its runners',
    });
  }
}
