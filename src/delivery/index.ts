export * from './helm-release';
export * from './kubernetes-cluster';
export * from './kubernetes-sign-in';
export * from './manifest-delivery';
export * from './manifest-release';
