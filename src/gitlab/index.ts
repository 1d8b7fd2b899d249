export * from './gitlab-server';
export * from './gitlab-version';
