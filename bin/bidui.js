#!/usr/bin/env node
import { start } from '../dist/program/bin.js';

await start(process.argv.slice(2));
