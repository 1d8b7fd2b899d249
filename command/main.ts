#!/usr/bin/env node
import { command } from './command';
import { survive } from './output';

survive();
void command(process.argv.slice(2), console.log, console.error).then((code) => {
  process.exitCode = code;
});
