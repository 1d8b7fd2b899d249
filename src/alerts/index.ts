export * from './alert-receiver';
export * from './platform-alerts';
export * from './platform-alerts-props';
