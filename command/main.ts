#!/usr/bin/env node
import { command } from './command';

void command(process.argv.slice(2), console.log, console.error).then((code) => {
  process.exitCode = code;
});
