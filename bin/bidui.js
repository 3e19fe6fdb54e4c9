#!/usr/bin/env node
import { start } from '../dist/cli/bin.js';

await start(process.argv.slice(2));
