import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { waitFor } from '../../private/dependencies';
import { requireProvider } from '../../private/required-provider';

const TIME_PROVIDER = { source: 'hashicorp/time', version: '~> 0.12' };

/** Time for Azure to spread roles, again whenever one is made anew: `time_sleep`, which no bindings are at hand for. */
export function spreadingTime(scope: Construct, seconds: number, assignments: RoleAssignment[]): TerraformResource {
  requireProvider(scope, 'time', TIME_PROVIDER);
  const sleep = new TerraformResource(scope, 'SpreadingTime', { terraformResourceType: 'time_sleep' });
  sleep.addOverride('create_duration', `${seconds}s`);
  sleep.addOverride('triggers', { assignments: assignments.map((assignment) => assignment.id).join(',') });
  waitFor(sleep, assignments);
  return sleep;
}
