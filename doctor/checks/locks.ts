import { onServer, ServerCheck } from './check';

const REPOSITORY = /^(.*?)((?:\.\w+)?\.git)\/(.*)$/;

/** Locks of git that have outlived whoever made them. Gitaly removes them in a repository's housekeeping. */
export const LOCKS: ServerCheck = {
  name: 'repositories',
  judge({ look }) {
    const [count, path] = look.one('locks') ?? [];
    const [, project, kind, lock] = REPOSITORY.exec(path ?? '') ?? [];
    return project === undefined ? [] : [{
      state: 'warning', what: `${count === '1' ? 'a lock of git is' : `${count} locks of git are`} more than a day old, such as ${lock} in ${project}${kind}`,
      meaning: 'git was killed while it had the lock, and a push to what is locked fails with "cannot lock ref"',
      remedy: 'in the project: Settings, General, Advanced, Run housekeeping; which project it is: '
        + onServer(`gitlab-rails runner 'puts ProjectRepository.find_by(disk_path: %q(${project})).project.full_path'`),
    }];
  },
};
