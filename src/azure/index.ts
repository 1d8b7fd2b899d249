export * from './azure-provider';
export * from './week-day';
