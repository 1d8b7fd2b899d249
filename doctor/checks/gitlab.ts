import { onServer, ServerCheck } from './check';

/** Whether GitLab answers, and which of its services do not run. */
export const GITLAB: ServerCheck = {
  name: 'gitlab',
  judge({ look }) {
    const [ready] = look.one('ready') ?? [];
    if (ready === undefined) {
      return [{
        state: 'broken', what: 'GitLab has not been set up on this machine', meaning: 'the step "gitlab" has not come to its end yet, not once', remedy: 'apply',
      }];
    }
    const down = look.all('down').map(([service]) => service);
    if (down.length > 0) {
      return [{
        state: 'broken', what: `GitLab's services ${down.join(', ')} do not run`, meaning: 'what needs them fails for everybody',
        remedy: `${onServer('gitlab-ctl start')}; if they stop again: ${onServer(`tail -n 30 /var/log/gitlab/${down[0]}/current`)}`,
      }];
    }
    return [ready === '200' ? { state: 'ok', what: 'GitLab answers, and so do its database and Redis' } : {
      state: 'broken', what: `GitLab does not answer that it is ready (${ready === '000' ? 'no answer' : `status ${ready}`})`,
      meaning: 'right after a start that lasts some minutes; later it is broken', remedy: onServer('gitlab-ctl status; tail -n 20 /var/log/gitlab/puma/current'),
    }];
  },
};
