/**
 * Who is not to be called: operators who have asked for that, in a file of `--exclude`.
 *
 * A line is an IP address (`1.2.3.4`), a name behind Tor or on I2P (`….onion`, `….b32.i2p`), one of these with
 * its port (`1.2.3.4:8333`, `[2001:db8::1]:8333`, `….onion:8333`) or a range (`1.2.3.0/24`, `2001:db8::/32`).
 * Empty lines, and what comes after `#`, are left out.
 */
import { isHidden } from "@course/lib/discovery";
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
 * @throws UsageError if it cannot be read, or if a line is neither an address, a name nor a range: nobody who
 * has asked not to be called is to be called because of a slip.
 */
export function readExclusion(file: string): Exclusion {
  const hosts = new BlockList();
  const names = new Set<string>();
  const addresses = new Set<string>();
  textOf(file)
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/#.*/, "").trim())
    .forEach((line, i) => {
      if (line === "" || addRange(hosts, line) || addName(names, line) || addAddress(addresses, line)) return;
      throw new UsageError(
        `${file}, line ${i + 1}: expected an address, a name or a range, like 1.2.3.4, 1.2.3.4:8333, 1.2.3.0/24 or a whole name that ends in .onion or .b32.i2p, got "${printable(line.slice(0, 80))}"`,
      );
    });
  return (address) => {
    const canonical = canonicalAddress(address);
    const [host] = canonical;
    if (addresses.has(addressString(canonical)) || names.has(host)) return true;
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

/** Adds a name behind Tor or on I2P. Returns false if `text` is none. */
function addName(names: Set<string>, text: string): boolean {
  const address: AddressTuple = [text, 1];
  if (!isHidden(address)) return false;
  names.add(canonicalAddress(address)[0]);
  return true;
}

/** Adds an address with its port. Returns false if `text` is none. */
function addAddress(addresses: Set<string>, text: string): boolean {
  try {
    const address = parseAddress(text);
    if (isIP(address[0]) === 0 && !isHidden(address)) return false;
    addresses.add(nodeKey(address));
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
