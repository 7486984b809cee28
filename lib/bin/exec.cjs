#!/usr/bin/env node
// What `exec` is in package.json's scripts on Windows, where the shell has none: it runs a program.
// Elsewhere it is the shell's own word: the program takes the shell's place, so that a signal sent
// to npm alone reaches it.
"use strict";
const { spawnSync } = require("child_process");

const [command, ...args] = process.argv.slice(2);
process.exit(spawnSync(command, args, { stdio: "inherit" }).status ?? 1);
