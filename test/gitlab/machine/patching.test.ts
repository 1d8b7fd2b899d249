import { TerraformVariable } from 'cdktf';
import { SelfHostedGitLab, WeekDay } from '../../../src';
import { newStack, resource, resources, synth } from '../../synth';
import { serverJson } from '../server';

const WINDOW = 'azurerm_maintenance_configuration';
const ASSIGNMENT = 'azurerm_maintenance_assignment_virtual_machine';
const MACHINE = 'azurerm_linux_virtual_machine';


describe('security updates of the server', () => {
  const json = serverJson();

  test('come on Saturday from 22:00 to 01:00 UTC, and restart it then if they need to', () => {
    expect(resource(json, WINDOW)).toMatchObject({
      name: 'gitlab-vm-updates',
      scope: 'InGuestPatch',
      in_guest_user_patch_mode: 'User',
      window: { start_date_time: '2026-01-01 22:00', time_zone: 'UTC', recur_every: '1Week Saturday', duration: '03:00' },
      install_patches: { reboot: 'IfRequired', linux: [{ classifications_to_include: ['Critical', 'Security'] }] },
    });
  });

  test('come at no other time: the machine leaves the schedule to its user, and has this one', () => {
    expect(resource(json, MACHINE)).toMatchObject({
      patch_mode: 'AutomaticByPlatform', bypass_platform_safety_checks_on_user_schedule_enabled: true, reboot_setting: 'IfRequired',
    });
    expect(resource(json, ASSIGNMENT)).toMatchObject({
      location: 'koreacentral',
      maintenance_configuration_id: `\${${WINDOW}.${Object.keys(resources(json, WINDOW))[0]}.id}`,
      virtual_machine_id: `\${${MACHINE}.${Object.keys(resources(json, MACHINE))[0]}.id}`,
    });
  });

  test('never touch GitLab\'s packages, held or not', () => {
    expect(resource(json, WINDOW).install_patches.linux[0].package_names_mask_to_exclude).toEqual(['gitlab-*']);
  });

  test('come when one wants', () => {
    const asked = serverJson({ maintenanceWindow: { dayOfWeek: WeekDay.TUESDAY, startTime: '03:30', durationMinutes: 95 } });
    expect(resource(asked, WINDOW).window).toEqual({ start_date_time: '2026-01-01 03:30', time_zone: 'UTC', recur_every: '1Week Tuesday', duration: '01:35' });
  });

  test('have their tags in lower case, as Azure keeps them here', () => {
    const tags = { 'Team': 'Platform', 'a${b}C': 'D' };
    expect(resource(serverJson({ tags }), WINDOW).tags).toEqual({ 'team': 'Platform', 'a$${b}c': 'D' });
  });

  test('take what only the apply knows', () => {
    const stack = newStack();
    const text: any = new TerraformVariable(stack, 'text', {}).stringValue;
    const number = new TerraformVariable(stack, 'number', {}).numberValue;
    new SelfHostedGitLab(stack, 'GitLab', {
      location: 'koreacentral', maintenanceWindow: { dayOfWeek: text, startTime: text, durationMinutes: number },
    });
    expect(resource(synth(stack), WINDOW).window).toMatchObject({
      start_date_time: '2026-01-01 ${var.text}', recur_every: '1Week ${var.text}',
      duration: '${format("%02d:%02d", floor((var.number / 60)), (var.number % 60))}',
    });
  });

  test.each<[string, any, string]>([
    ['the window is a text', 'Sunday', 'maintenanceWindow: not an object, got "Sunday"; give an object with its props'],
    ['the day is missing', { startTime: '22:00' }, 'maintenanceWindow.dayOfWeek: missing, got nothing; give one of "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"'],
    ['the day is none', { dayOfWeek: 'Funday', startTime: '22:00' }, 'maintenanceWindow.dayOfWeek: not supported, got "Funday"; give one of "Monday", '
      + '"Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"'],
    ['the time is missing', { dayOfWeek: 'Sunday' }, 'maintenanceWindow.startTime: missing, got nothing; give a time of day in UTC such as "22:00"'],
    ['the time is none', { dayOfWeek: 'Sunday', startTime: '24:00' },
      'maintenanceWindow.startTime: not a valid value, got "24:00"; give a time of day in UTC such as "22:00"'],
    ['it is shorter than Azure takes', { dayOfWeek: 'Sunday', startTime: '22:00', durationMinutes: 89 },
      'maintenanceWindow.durationMinutes: out of range, got 89; give a whole number from 90 to 235'],
    ['it is longer than Azure takes', { dayOfWeek: 'Sunday', startTime: '22:00', durationMinutes: 240 },
      'maintenanceWindow.durationMinutes: out of range, got 240; give a whole number from 90 to 235'],
  ])('fail when %s', (_, maintenanceWindow, message) => {
    expect(() => serverJson({ maintenanceWindow })).toThrow(new Error(`${message} (at Test/GitLab)`));
  });
});
