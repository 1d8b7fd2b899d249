import { Machine } from './machine';

/** What GitLab's database on a machine holds. */
export async function readDatabase(machine: Machine): Promise<any> {
  return JSON.parse(await machine.shell('cat /var/opt/gitlab/postgresql/data/database.json 2>/dev/null '
    + '|| /opt/gitlab/embedded/bin/ruby -r /opt/gitlab/embedded/standin/instance -e "print JSON.generate(Instance.database)"'));
}

/** Changes the database behind everybody's back. */
export async function changeDatabase(machine: Machine, ruby: string): Promise<void> {
  await machine.run('/opt/gitlab/embedded/bin/ruby', '-r', '/opt/gitlab/embedded/standin/instance', '-e',
    `Instance.change { |database| ${ruby} }`);
}
