import { App, TerraformStack } from 'cdktf';
import { AksCluster, SelfHostedGitLab } from '../../../src';
import { synthesised } from '../../command/program';
import { Answer, LOCATION, SUBSCRIPTION } from '../azure';
import { found } from '../questions';

describe('the offer', () => {
  const offer = (state: string, quotaId: string, spendingLimit = 'Off'): Answer => ({
    call: [`--url /subscriptions/${SUBSCRIPTION} `], answer: { displayName: 'Mine', state, subscriptionPolicies: { quotaId, spendingLimit } },
  });

  test('a subscription that is off is refused', async () => {
    expect(await found(/its state/, [offer('Warned', 'PayAsYouGo_2014-09-01')])).toEqual({
      code: 1, about: ['REFUSED subscription Mine: its state is Warned, and nothing can be made in it -> reactivate it, or choose another with az account set'],
    });
  });

  test('one with an unpaid bill still works, and one with a spending limit until that is reached', async () => {
    expect(await found(/Mine/, [offer('PastDue', 'PayAsYouGo_2014-09-01')])).toEqual({
      code: 0, about: [
        'ok subscription Mine: enabled, offer PayAsYouGo_2014-09-01',
        'warning subscription Mine: a bill has not been paid, for which it may be disabled -> see to the payment (portal: Cost Management + Billing)',
      ],
    });
    expect((await found(/Mine/, [offer('Enabled', 'MSDN_2014-09-01', 'On')])).about).toEqual([
      'warning subscription Mine: offer MSDN_2014-09-01 with a spending limit, at which all machines stop -> remove the limit for anything but a look',
    ]);
    expect((await found(/Mine/, [offer('Enabled', 'CSP_2015-05-01')])).about).toEqual(['ok subscription Mine: enabled, offer CSP_2015-05-01']);
  });

  test('a trial is told what it cannot', async () => {
    expect((await found(/Mine/, [offer('Enabled', 'FreeTrial_2014-09-01', 'On')])).about).toEqual([
      'warning subscription Mine: a free trial, whose quotas are not raised, and which stops when its credit is spent'
        + ' -> upgrade it to pay-as-you-go for anything but a look',
    ]);
    const folder = synthesised((app: App) => {
      const stack = new TerraformStack(app, 'many');
      ['One', 'Two', 'Three', 'Four'].forEach((id) => new SelfHostedGitLab(stack, id, { location: LOCATION }));
      new AksCluster(stack, 'Cluster', { location: LOCATION, jobNodePool: { spot: true } });
    });
    expect(await found(/addresses: |Spot machines: /, [offer('Enabled', 'AzureForStudents_2018-01-01')], folder)).toEqual({
      code: 1,
      about: [
        'REFUSED public IP addresses: 5 needed, Azure for Students has 3 in each region -> upgrade the subscription to pay-as-you-go',
        'REFUSED Spot machines: Azure for Students has none -> leave out spot, or upgrade the subscription to pay-as-you-go',
      ],
    });
  });
});
