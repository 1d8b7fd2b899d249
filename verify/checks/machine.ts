import { Check } from './check';
import { DOCTOR } from '../../doctor/doctor';
import { nextJobSucceeds } from '../jobs';
import { demand } from '../platform';

/** When the machine's systemd began. */
const BOOT = 'systemctl show --property=UserspaceTimestamp';

export const DOCTOR_CLAIM: Check = {
  claim: 'doctor',
  needs: ['apply'],
  doing: 'asking doctor',
  async run({ folder }) {
    const lines: string[] = [];
    await DOCTOR.run([folder.synthesised, '--json'], (line) => lines.push(line), () => {});
    const { findings } = JSON.parse(lines.join('\n'));
    const broken = findings.filter(({ state }: any) => state === 'broken' || state === 'unanswered');
    demand(broken.length === 0, broken.map(({ what }: any) => what).join('; '));
    return `${findings.length} findings, none broken`;
  },
};

export const MACHINE_RESTARTED: Check = {
  claim: 'machine-restarted',
  needs: ['job-runner-test'],
  doing: 'restarting the virtual machine',
  async run(platform) {
    const { server_group: group, machine } = await platform.outputs();
    const before = await platform.onServer(BOOT);
    await platform.az.command('vm', 'restart', '--subscription', platform.subscriptionId, '--resource-group', group, '--name', machine);
    const gitlab = await platform.gitlab();
    await platform.patience.until('GitLab to answer again', 15, () => gitlab.version());
    const after = await platform.onServer(BOOT);
    demand(after.trim() !== before.trim(), 'the machine has not restarted');
    await nextJobSucceeds(platform, 'a restart');
  },
};
