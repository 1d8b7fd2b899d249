export * from './aks-node-pool';
export * from './cluster';
export * from './helm-release';
export * from './manifest-delivery';
export * from './manifest-release';
export * from './service-account';
export * from './workload-identity';
