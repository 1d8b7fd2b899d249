export * from './gitlab-runner-chart';
export * from './job-pods';
export * from './kubernetes-gitlab-runner';
export * from './runner-cache';
export * from './runner-manager';
export * from './runner-options';
export * from './runner-token';
export * from './runner-volume';
