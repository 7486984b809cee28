/** Opening an address in the user's browser, with what Python knows about browsers on all systems. */
import { spawn } from "node:child_process";
import { venvPython } from "./paths";

/** Opens `address`, if there is a screen to open it on. The browser is the user's: it stays when we end. */
export function openBrowser(address: string): void {
  if (!hasScreen(process.env, process.platform)) return;
  const code = "import sys, webbrowser; webbrowser.open(sys.argv[1])";
  const options = { detached: true, stdio: "ignore", windowsHide: true } as const;
  // Whatever comes of it, the address is on the terminal too.
  spawn(venvPython, ["-c", code, address], options)
    .on("error", () => {})
    .unref();
}

/** Whether there is a screen: without one, Python would open a browser for terminals, on top of ours. */
export function hasScreen(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  return platform !== "linux" || Boolean(env.BROWSER || env.DISPLAY || env.WAYLAND_DISPLAY);
}
