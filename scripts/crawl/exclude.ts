/**
 * Who is not to be called: operators who have asked for that, in a file of `--exclude`.
 *
 * A line is an IP address (`1.2.3.4`), an address with its port (`1.2.3.4:8333`, `[2001:db8::1]:8333`) or a
 * range (`1.2.3.0/24`, `2001:db8::/32`). Empty lines, and what comes after `#`, are left out.
 */
import { addressString, type AddressTuple, canonicalAddress, nodeKey, parseAddress } from "@course/lib/peer";
import { UsageError } from "@course/lib/util";
import { printable } from "@course/lib/wire";
import fs from "node:fs";
import { BlockList, isIP, isIPv4 } from "node:net";

/** Returns whether an address is one of those that are not to be called. */
export type Exclusion = (address: AddressTuple) => boolean;

/**
 * Reads a file of `--exclude`.
 *
 * @throws UsageError if it cannot be read, or if a line is neither an address nor a range: nobody who has asked
 * not to be called is to be called because of a slip.
 */
export function readExclusion(file: string): Exclusion {
  const hosts = new BlockList();
  const addresses = new Set<string>();
  textOf(file)
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/#.*/, "").trim())
    .forEach((line, i) => {
      if (line !== "" && !addRange(hosts, line) && !addAddress(addresses, line)) {
        throw new UsageError(
          `${file}, line ${i + 1}: expected an address or a range, like 1.2.3.4, 1.2.3.4:8333 or 1.2.3.0/24, got "${printable(line.slice(0, 60))}"`,
        );
      }
    });
  return (address) => {
    const canonical = canonicalAddress(address);
    const [host] = canonical;
    if (addresses.has(addressString(canonical))) return true;
    return isIP(host) !== 0 && hosts.check(host, isIPv4(host) ? "ipv4" : "ipv6");
  };
}

/** Adds an IP address or a range. Returns false if `text` is neither. */
function addRange(hosts: BlockList, text: string): boolean {
  const [start, length, ...rest] = text.split("/");
  if (isIP(start) === 0 || rest.length > 0 || !/^\d{1,3}$/.test(length ?? "0")) return false;
  const [host] = canonicalAddress([start, 1]);
  const bits = isIPv4(host) ? 32 : 128;
  const prefix = Number(length ?? bits);
  if (prefix > bits) return false;
  hosts.addSubnet(host, prefix, isIPv4(host) ? "ipv4" : "ipv6");
  return true;
}

/** Adds an address with its port. Returns false if `text` is none. */
function addAddress(addresses: Set<string>, text: string): boolean {
  try {
    const [host, port] = parseAddress(text);
    if (isIP(host) === 0) return false;
    addresses.add(nodeKey([host, port]));
    return true;
  } catch {
    return false;
  }
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`--exclude: ${file} cannot be read: ${(error as Error).message}`);
  }
}
