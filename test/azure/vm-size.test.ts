import { TerraformVariable } from 'cdktf';
import { warnOfRetiringVmSize } from '../../src/azure/machine/retiring-vm-size';
import { isArm64, isBurstable, parseVmSize, takesPremiumDisks } from '../../src/azure/machine/vm-size';
import { newStack, warnings } from '../synth';

test.each([
  ['Standard_D4s_v5', 'D', 's', 5], ['Standard_DS2_v2', 'D', 's', 2], ['Standard_B2ms', 'B', 'ms', 1], ['Standard_B4as_v2', 'B', 'as', 2],
  ['Standard_E4-2ds_v5', 'E', 'ds', 5], ['Standard_NC24ads_A100_v4', 'NC', 'ads', 4], ['Standard_DC4as_cc_v5', 'DC', 'as', 5],
  ['Standard_NV36adms_A10_v5', 'NV', 'adms', 5], ['Standard_F8s_v2', 'F', 's', 2], ['Standard_L8s_v3', 'L', 's', 3], ['Standard_D2ps_v6', 'D', 'ps', 6],
])('%s is read by Azure\'s naming rules', (name, family, features, version) => {
  expect(parseVmSize(name)).toMatchObject({ family, features, version });
});

test.each([
  ['Standard_D4s_v5', 4, 16], ['Standard_DS2_v2', 2, 7], ['Standard_B2ms', 2, 8], ['Standard_E4-2ds_v5', 2, 32], ['Standard_F8s_v2', 8, 16],
  ['Standard_NC24ads_A100_v4', 24, undefined],
])('%s has %d vCPUs and %d GiB', (name, vcpus, memoryGb) => {
  expect(parseVmSize(name)).toMatchObject({ vcpus, memoryGb });
});

test.each(['D4s_v5', 'Standard_D', 'standard_D4s_v5', 'Standard_D4s_v5 ', ''])('%j is no size', (name) => {
  expect(parseVmSize(name)).toBeUndefined();
});

test('the letters tell what a size can do', () => {
  const of = (name: string) => parseVmSize(name)!;
  expect([of('Standard_B2s'), of('Standard_D2s_v5')].map(isBurstable)).toEqual([true, false]);
  expect([of('Standard_D2ps_v6'), of('Standard_D2s_v5')].map(isArm64)).toEqual([true, false]);
  expect([of('Standard_D2s_v5'), of('Standard_DS2_v2'), of('Standard_D2_v5')].map(takesPremiumDisks)).toEqual([true, true, false]);
});

test('what Azure retires is warned of, references are not looked into', () => {
  const stack = newStack();
  for (const size of ['Standard_B2ms', 'Standard_D2_v2', 'Standard_DS2', 'Standard_D2s_v5', 'Standard_F8s_v6', new TerraformVariable(stack, 'v', {}).stringValue]) {
    warnOfRetiringVmSize(stack, 'vmSize', size);
  }
  expect(warnings(stack)).toEqual([
    'Test: vmSize: Azure retires Standard_B2ms on 2028-11-15 and closes it to new subscriptions before; choose one such as "Standard_B4as_v2"',
    'Test: vmSize: Azure retires Standard_D2_v2 on 2028-05-01 and closes it to new subscriptions before; choose one such as "Standard_D4s_v5"',
    'Test: vmSize: Azure retires Standard_DS2 on 2028-05-01 and closes it to new subscriptions before; choose one such as "Standard_D4s_v5"',
  ]);
});
