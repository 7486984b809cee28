// Lets `require` load TypeScript: each file as JavaScript, which is kept in .course/compiled/.
//
// All of scripts/ is compiled at once, by esbuild in one process that ends: when the library is built, and when a
// file is loaded that has changed since. So a command that runs again starts without a compiler. Where nothing can
// be written, it is compiled at every start.
"use strict";
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..", "..");
const scripts = path.join(root, "scripts");
const kept = path.join(root, ".course", "compiled");

/** The end of the JavaScript of a file: what it was compiled from. */
function mark(source) {
  return "\n// " + crypto.createHash("sha1").update(source).digest("hex") + "\n";
}

function keptFile(file) {
  return path.join(kept, path.relative(root, file) + ".js");
}

/** Returns the JavaScript of a file if it is kept and as the file is now. */
function read(file) {
  try {
    const code = fs.readFileSync(keptFile(file), "utf8");
    return code.endsWith(mark(fs.readFileSync(file))) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Compiles files, keeps their JavaScript, and returns it by file. */
function compile(files) {
  const { buildSync } = require("esbuild");
  const sources = files.map((file) => fs.readFileSync(file));
  const { outputFiles } = buildSync({
    entryPoints: files,
    // Where the maps of lines are right; nothing is written there.
    outdir: root,
    outbase: root,
    write: false,
    format: "cjs",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "error",
  });
  return new Map(
    files.map((file, i) => {
      const code = outputFiles[i].text + mark(sources[i]);
      keep(keptFile(file), code);
      return [file, code];
    }),
  );
}

/** Writes a file in one step, since commands that start at the same time may read it, if it can be written. */
function keep(file, code) {
  const part = file + "." + process.pid + ".tmp";
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(part, code);
    fs.renameSync(part, file);
  } catch {
    fs.rm(part, { force: true }, () => {});
  }
}

function compileScripts() {
  const names = fs.readdirSync(scripts, { recursive: true }).filter((name) => name.endsWith(".ts"));
  return compile(names.map((name) => path.join(scripts, name)));
}

let justCompiled = new Map();

function load(file) {
  const code = justCompiled.get(file) ?? read(file);
  if (code !== undefined) return code;
  justCompiled = file.startsWith(scripts + path.sep) ? compileScripts() : compile([file]);
  return justCompiled.get(file);
}

// Stack traces name lines of the TypeScript.
process.setSourceMapsEnabled(true);
require.extensions[".ts"] = (module, file) => module._compile(load(file), file);

exports.compileScripts = compileScripts;
