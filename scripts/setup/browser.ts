/**
 * Opens an address in the user's browser, with Python's `webbrowser`, which knows the browsers of all
 * systems.
 */
import { spawn } from "node:child_process";
import { venvPython } from "./paths";

/** Opens `address` if there is a screen. The browser keeps running when this process ends. */
export function openBrowser(address: string): void {
  if (!hasScreen(process.env, process.platform)) return;
  const code = "import sys, webbrowser; webbrowser.open(sys.argv[1])";
  const options = { detached: true, stdio: "ignore", windowsHide: true } as const;
  // Errors are ignored: the address is on the terminal, too.
  spawn(venvPython, ["-c", code, address], options)
    .on("error", () => {})
    .unref();
}

/** Returns whether there is a screen. Without one, Python would open a text browser in this terminal. */
export function hasScreen(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  return platform !== "linux" || Boolean(env.BROWSER || env.DISPLAY || env.WAYLAND_DISPLAY);
}
