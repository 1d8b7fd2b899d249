export * from './gitlab-hardening';
export * from './gitlab-server';
export * from './gitlab-version';
