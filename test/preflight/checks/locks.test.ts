import { AzureResourceGroup, SelfHostedGitLab } from '../../../src';
import { LOCATION, SUBSCRIPTION, usage, usages } from '../azure';
import { found, program } from '../questions';

const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/Shared`;
const lock = (scope: string, level: string) => ({
  call: ['Microsoft.Authorization/locks'], answer: { value: [{ id: `${scope}/providers/Microsoft.Authorization/locks/keep`, name: 'keep', properties: { level } }] },
});

const ENOUGH = usages(usage('cores', 100), usage('standardDSv5Family', 100));

let made: string | undefined;
const shared = () => made ??= program({}, (stack) => {
  new SelfHostedGitLab(stack, 'Shared', { location: LOCATION, resourceGroup: AzureResourceGroup.existing('shared'), virtualMachineName: 'shared-vm' });
});
const told = (scope: string, level: string) => found(/the lock/, [lock(scope, level), ENOUGH], shared());

describe('locks', () => {
  test.each([
    ['the subscription', `/subscriptions/${SUBSCRIPTION}`, `the subscription ${SUBSCRIPTION}`],
    ['the server\'s group, however it is spelled', GROUP, 'the resource group Shared'],
    ['the server', `${GROUP}/providers/Microsoft.Compute/virtualMachines/shared-vm`, 'virtualMachines shared-vm'],
  ])('on %s keep an upgrade from being applied', async (_, scope, named) => {
    const { code, about } = await told(scope, 'CanNotDelete');
    expect(about).toEqual([`warning the lock keep (CanNotDelete) on ${named} refuses later applies that run a step on the machine again, as for an upgrade`
      + ' -> lock what holds data instead (docs/governance.md tells what), or remove the lock for each such apply']);
    expect(code).toBe(0);
  });

  test('of the kind ReadOnly are refused where the program makes something', async () => {
    const { code, about } = await told(GROUP, 'ReadOnly');
    expect(about).toEqual(['REFUSED the lock keep (ReadOnly) on the resource group Shared lets nothing be made or changed there'
      + ' -> have it removed, or replaced by locks of the kind CanNotDelete on what holds data']);
    expect(code).toBe(1);
  });

  test.each([
    ['a group of somebody else\'s', GROUP.slice(0, -1), 'ReadOnly'],
    ['a disk', `${GROUP}/providers/Microsoft.Compute/disks/shared-vm-data`, 'CanNotDelete'],
    ['another machine', `${GROUP}/providers/Microsoft.Compute/virtualMachines/shared-v`, 'CanNotDelete'],
  ])('on %s are nothing to tell', async (_, scope, level) => {
    expect((await told(scope, level)).about).toEqual([]);
  });
});
