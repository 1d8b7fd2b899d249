import { Answer } from '../azure';
import { found } from '../questions';

describe('roles', () => {
  const permissions = (...value: object[]): Answer => ({ call: ['Microsoft.Authorization/permissions'], answer: { value } });
  const CONTRIBUTOR = { actions: ['*'], notActions: ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write', 'Microsoft.Authorization/elevateAccess/Action'] };

  test('a contributor may not assign roles', async () => {
    expect(await found(/your roles/, [permissions(CONTRIBUTOR)])).toEqual({
      code: 1,
      about: ['REFUSED your roles on the subscription do not allow Microsoft.Authorization/roleAssignments/write'
        + ' -> ask for User Access Administrator, or Role Based Access Control Administrator, on the subscription'],
    });
  });

  test('a second role may allow what the first does not', async () => {
    expect((await found(/your roles/, [permissions(CONTRIBUTOR, { actions: ['Microsoft.Authorization/roleAssignments/*'], notActions: [] })])).about)
      .toEqual([expect.stringMatching(/^ok your roles on the subscription allow all \d\d kinds of action/)]);
  });

  test('a reader may nothing', async () => {
    expect((await found(/your roles/, [permissions({ actions: ['*/read'], notActions: [] })])).about).toEqual([
      expect.stringMatching(/^REFUSED your roles on the subscription do not allow Microsoft\.\S+, Microsoft\.\S+, Microsoft\.\S+ and \d\d more -> ask for Owner on the subscription/),
    ]);
  });

  test('who has a role to activate is told so', async () => {
    const role = (displayName: string) => ({ properties: { expandedProperties: { roleDefinition: { displayName } } } });
    const eligible: Answer = { call: ['roleEligibilityScheduleInstances', '$filter=asTarget()'], answer: { value: [role('Owner'), role('Contributor'), role('Owner')] } };
    expect((await found(/your roles/, [permissions({ actions: ['*/read'], notActions: [] }), eligible])).about).toEqual([expect.stringMatching(
      / -> activate Contributor or Owner, for which you are eligible \(portal: Privileged Identity Management\), or ask for Owner on the subscription/,
    )]);
  });
});
