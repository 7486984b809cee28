/** Does for a copy of the course what `npm ci` does, in no time: with links to the packages that are here. */
import fs from "node:fs";
import path from "node:path";
import { root } from "../../scripts/setup/paths";

/** Installs the course in `folder`. Its library is its own. */
export function install(folder: string): void {
  const [ours, theirs] = [root, folder].map((one) => path.join(one, "node_modules"));
  fs.mkdirSync(path.join(theirs, "@course"), { recursive: true });
  for (const name of fs.readdirSync(ours))
    if (name !== "@course") fs.symlinkSync(path.join(ours, name), path.join(theirs, name));
  fs.symlinkSync(path.join(folder, "lib"), path.join(theirs, "@course", "lib"));
  const dist = path.join(folder, "lib", "dist");
  fs.cpSync(path.join(root, "lib", "dist"), dist, { recursive: true });
  fs.writeFileSync(path.join(dist, ".built"), "");
}
