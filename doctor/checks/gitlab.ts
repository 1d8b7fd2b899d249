import { onServer, ServerCheck } from './check';

/** Whether GitLab answers, and which of its services do not run. */
export const GITLAB: ServerCheck = {
  name: 'gitlab',
  judge({ look }) {
    const [ready] = look.one('ready') ?? [];
    if (ready === undefined) {
      return [{
        state: 'broken', what: 'GitLab has not been set up on this machine', meaning: 'the set-up step "gitlab" has never come to its end', remedy: 'apply',
      }];
    }
    const down = look.all('down').map(([service]) => service);
    if (down.length > 0) {
      return [{
        state: 'broken', what: `GitLab's ${down.length === 1 ? `service ${down[0]} does` : `services ${down.join(', ')} do`} not run`, meaning: 'whatever needs this fails for everybody',
        remedy: `${onServer('gitlab-ctl start')}; if that does not last: ${onServer(`tail -n 30 /var/log/gitlab/${down[0]}/current`)}`,
      }];
    }
    return [ready === '200' ? { state: 'ok', what: 'GitLab answers, and so do its database and Redis' } : {
      state: 'broken', what: `GitLab is not ready (${ready === '000' ? 'no answer' : `status ${ready}`})`,
      meaning: 'for some minutes after a start that is normal; after that something is broken', remedy: onServer('gitlab-ctl status; tail -n 20 /var/log/gitlab/puma/current'),
    }];
  },
};
