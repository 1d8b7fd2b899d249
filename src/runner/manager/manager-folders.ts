/** The manager's home. */
export const HOME = '/home/gitlab-runner';
/** Where the manager looks for credentials of registries. */
export const DOCKER_FOLDER = `${HOME}/.docker`;
