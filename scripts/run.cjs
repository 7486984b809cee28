#!/usr/bin/env node
// Runs scripts/<name>.ts for every `npm run <name>`, and compiles lib/ first if it has changed.
// It is JavaScript for old versions of Node.js, so that it can say what is missing on any of them, before
// packages are installed or the library is compiled.
"use strict";
var path = require("path");
var fs = require("fs");
var childProcess = require("child_process");

var OLDEST_NODE = 20;
var root = path.join(__dirname, "..");
var name = process.argv[2];

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  stop(
    "This course needs Node.js " +
      OLDEST_NODE +
      " or newer, and this is " +
      process.version +
      ": install a newer one (nodejs.org, or your version manager), then run the same command again.",
  );
}

/** Returns the packages in a lock file of npm, by their folders. */
function packagesIn(lockFile) {
  return JSON.parse(fs.readFileSync(path.join(root, lockFile), "utf8")).packages;
}

/** Returns whether `npm ci` has completed for this list of packages: it writes its own copy of the list last. */
function packagesAreInstalled() {
  try {
    var wanted = packagesIn("package-lock.json");
    var present = packagesIn("node_modules/.package-lock.json");
    return Object.keys(wanted).every(function (folder) {
      var entry = wanted[folder];
      if (!/^node_modules\//.test(folder) || entry.dev || entry.devOptional || entry.optional || entry.peer)
        return true;
      return (
        present[folder] !== undefined &&
        present[folder].version === entry.version &&
        fs.existsSync(path.join(root, folder))
      );
    });
  } catch (error) {
    return false;
  }
}

if (!packagesAreInstalled()) {
  stop(
    "The packages of the course are not installed, or not all, or not in the versions that it needs now: " +
      "run `npm ci`, then the same command again.",
  );
}

/** Returns the newest modification time of the library's sources, in milliseconds. */
function newestSource(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).reduce(function (newest, entry) {
    if (entry.name === "dist" || entry.name === "node_modules") return newest;
    var file = path.join(folder, entry.name);
    var time = entry.isDirectory() ? newestSource(file) : fs.statSync(file).mtimeMs;
    return Math.max(newest, time);
  }, 0);
}

function libraryIsStale() {
  var built = path.join(root, "lib", "dist", ".built");
  return !fs.existsSync(built) || fs.statSync(built).mtimeMs < newestSource(path.join(root, "lib"));
}

/** In an image, or in another user's folder, the library can only be read. */
function requireWritable(folder) {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
  } catch (error) {
    stop(
      "The library is not compiled, or not as its sources are now, and " +
        folder +
        " cannot be written to: run `npm run build` as its owner, then the same command again.",
    );
  }
}

/**
 * Lets the index of each room load a file when something of it is asked for, and not before: whoever imports a name
 * of the library would load all of it, which takes half a second.
 */
function deferRooms(folder) {
  fs.readdirSync(folder, { withFileTypes: true }).forEach(function (entry) {
    var file = path.join(folder, entry.name);
    if (entry.isDirectory()) return deferRooms(file);
    if (entry.name !== "index.js") return;
    var compiled = fs.readFileSync(file, "utf8");
    var deferred = compiled
      .replace(/^var (\w+_\d+) = (require\("[^"]+"\));$/gm, "var $1$$, $1 = () => ($1$$ ??= $2);")
      .replace(/^(Object\.defineProperty\(exports, .* \{ return \w+_\d+)(\.\w+; \} \}\);)$/gm, "$1()$2");
    if (deferred !== compiled) fs.writeFileSync(file, deferred);
  });
}

/**
 * Makes one file of each program that runs in a thread or a process, and all that it loads of the library: it starts in
 * half of the time, and lesson seven starts many.
 */
function bundleWorkers(workers) {
  var folder = path.join(workers, "scripts");
  var programs = fs.readdirSync(folder).filter(function (name) {
    return path.extname(name) === ".js";
  });
  require("esbuild").buildSync({
    entryPoints: programs.map(function (name) {
      return path.join(folder, name);
    }),
    outdir: path.join(workers, "bundled"),
    bundle: true,
    packages: "external",
    format: "cjs",
    platform: "node",
    target: "node20",
    logLevel: "error",
  });
}

function buildLibrary() {
  requireWritable(path.join(root, "lib"));
  console.error("Compiling the library …");
  var tsc = require.resolve("typescript/bin/tsc", { paths: [root] });
  var result = childProcess.spawnSync(process.execPath, [tsc, "-p", path.join(root, "lib")], {
    stdio: "inherit",
  });
  if (result.status !== 0) stop("The library in lib/ does not compile: the lines above say where.");
  deferRooms(path.join(root, "lib", "dist"));
  bundleWorkers(path.join(root, "lib", "dist", "workers"));
  fs.writeFileSync(path.join(root, "lib", "dist", ".built"), new Date().toISOString() + "\n");
}

if (libraryIsStale()) buildLibrary();
// Only now, as old versions of Node.js cannot read it.
var typescript = require("./cli/typescript.cjs");
if (name === "build") {
  typescript.compileScripts();
  process.exit(0);
}

var script = path.join(__dirname, name + ".ts");
if (!fs.existsSync(script)) stop("There is no scripts/" + name + ".ts: `npm run` lists the commands.");

process.argv.splice(1, 2, script);
require(process.argv[1]);
