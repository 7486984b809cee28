/** How late timers fire: on a machine that is too busy, or while code keeps the event loop busy. */
import { monitorEventLoopDelay } from "node:perf_hooks";

/** How often the event loop is looked at, in milliseconds. */
const INTERVAL_MS = 20;

/** Watches this event loop. Returns what ends that, and returns how late timers were at most, in milliseconds. */
export function watchTimers(): () => number {
  const delays = monitorEventLoopDelay({ resolution: INTERVAL_MS });
  delays.enable();
  return () => {
    delays.disable();
    return Math.max(0, delays.max / 1e6 - INTERVAL_MS);
  };
}
