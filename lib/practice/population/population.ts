/**
 * Made-up nodes from a seed: the same seed gives the same nodes.
 *
 * Frequencies follow the figures of a year (model-2018.ts, model-2026.ts). Nothing here depends on this
 * machine or on the time: server/ adds addresses and timestamps. A new aspect of a peer is a new line in
 * `drawPeer`, with a stream of random numbers of its own.
 */
import { hasV2Bit, type VersionInfo, withoutV2Bit, withV2Bit } from "../behaviour/version-info";
import { drawDelays } from "./delays";
import { BEHAVIOUR_NAMES, behaviourOf, type BehaviourName } from "../behaviour/behaviours";
import { ASPECTS, type OverlayKind, type PopulationModel, type Streams } from "./model";
import { MODEL_2018 } from "./model-2018";
import { MODEL_2026 } from "./model-2026";
import { DEFAULT_POPULATION, type PopulationName } from "./names";
import type { Listing, OverlayPeer, Peer } from "./nodes";
import type { Operator } from "./operators";
import { drawPort } from "./ports";
import { drawReach } from "./reach";
import { Random } from "../../util/random";

/** The nodes of one seed. */
interface Population {
  peers: Peer[];
  /** Nodes behind Tor or on I2P. */
  overlay: OverlayPeer[];
  model: PopulationModel;
}

interface PopulateOptions {
  /** Which year's. That of 2018 if not given. */
  population?: PopulationName;
  /** All peers have one of these behaviours, and there are no nodes but peers. */
  behaviours?: readonly BehaviourName[];
  /**
   * Share of peers that speak v2, if their behaviour allows it. As in the population's year if not given:
   * none in 2018, since BIP 324 came with Bitcoin Core 26 of December 2023.
   */
  v2?: number;
}

const MODELS: Record<PopulationName, PopulationModel> = { "2018": MODEL_2018, "2026": MODEL_2026 };

/** Makes `count` peers from `seed`, and the nodes without an IP address that belong to so many on top. */
export function populate(seed: number, count: number, options: PopulateOptions = {}): Population {
  const { population = DEFAULT_POPULATION, behaviours } = options;
  const model = MODELS[population];
  const prefix = population === DEFAULT_POPULATION ? "" : `${population} `;
  const stream = (aspect: string) => new Random(seed, `${prefix}${aspect}`);
  const streams = Object.fromEntries(ASPECTS.map((aspect) => [aspect, stream(aspect)])) as Streams;
  const hosts = stream("host").distinct(count, FIRST_HOST, LAST_HOST);
  const reach = stream("reach");
  const overlay = behaviours ? [] : model.drawOverlay(stream, count);
  return {
    peers: hosts.map((hostNumber) => drawPeer(model, streams, hostNumber, options)),
    overlay: overlay.map((kind) => reachable(kind, reach)),
    model,
  };
}

/** Peers get no address from 127.x.0.0 to 127.x.0.255: 127.x.0.1 is the claim (server/loopback-ranges.ts). */
const FIRST_HOST = 256;
const LAST_HOST = 65_534;
/** The number of host numbers, each used once. */
export const MAX_PEERS = LAST_HOST - FIRST_HOST + 1;

function drawPeer(
  model: PopulationModel,
  streams: Streams,
  hostNumber: number,
  { behaviours, v2 }: PopulateOptions,
): Peer {
  const { versionInfo: usual, place, operator, family, addressesToTell } = model.drawKind(streams);
  const speaksV2 = v2 === undefined ? hasV2Bit(usual) : streams.v2.chance(v2);
  const isModern = model.isModern(usual.userAgent);
  const behaviour = drawBehaviour(streams.manner, isModern, speaksV2, behaviours);
  return {
    family,
    hostNumber,
    port: drawPort(streams.port, model.ports),
    versionInfo: versionInfoOf(behaviour, usual, speaksV2),
    listing: { ...place, ...operator, ...drawListing(streams.listing, operator, model) },
    behaviour,
    ...drawDelays(streams.delay, place),
    variant: streams.manner.next(),
    hasMappedDuplicate: streams.spelling.chance(model.mappedDuplicateShare) && !behaviours,
    addressesToTell,
  };
}

/**
 * Returns what a peer says. One that answers says that it speaks v2 only if it does, unless its behaviour is
 * to lie about it.
 */
function versionInfoOf(name: BehaviourName, usual: VersionInfo, speaksV2: boolean): VersionInfo {
  const behaviour = behaviourOf(name);
  const says = speaksV2 && (behaviour.v2 || behaviour.outcome !== "version");
  const honest = says ? withV2Bit(usual) : withoutV2Bit(usual);
  return behaviour.versionInfo?.(honest) ?? honest;
}

/** Returns a node behind Tor or on I2P with a behaviour, and how it is reached. */
function reachable(kind: OverlayKind, random: Random): OverlayPeer {
  const reach = drawReach(random, kind.network);
  const versionInfo = versionInfoOf(reach.behaviour, kind.versionInfo, hasV2Bit(kind.versionInfo));
  return { ...kind, versionInfo, ...reach };
}

function drawListing(
  random: Random,
  operator: Operator,
  model: PopulationModel,
): Pick<Listing, "connectedSeconds" | "hostname"> {
  const connectedSeconds = model.drawAge(random);
  const domain = (operator.organization ?? "unknown")
    .toLowerCase()
    .match(/[a-z0-9]+/g)!
    .slice(0, 2)
    .join("-");
  const name = `node-${random.integer(1, 99_999)}.${domain}.example`;
  return { connectedSeconds, hostname: random.chance(model.noHostnameShare) ? undefined : name };
}

/**
 * Draws a behaviour by its share; with `wanted`, one of these with equal chances.
 *
 * Of the wanted ones, those that do not occur with the peer's software are left out, if others remain.
 */
function drawBehaviour(
  random: Random,
  isModern: boolean,
  speaksV2: boolean,
  wanted?: readonly BehaviourName[],
): BehaviourName {
  const share = (name: BehaviourName) => behaviourOf(name).share(isModern, speaksV2);
  if (!wanted) return random.pick(BEHAVIOUR_NAMES.map((name) => [name, share(name)]));
  const fitting = wanted.filter((name) => share(name) > 0 || behaviourOf(name).share(isModern, true) > 0);
  return random.pick((fitting.length > 0 ? fitting : wanted).map((name) => [name, 1]));
}
