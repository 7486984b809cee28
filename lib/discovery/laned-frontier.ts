/** A frontier in memory whose addresses are called in lanes: none of them waits behind those of a slower lane. */
import type { AddressTuple } from "../peer/address";
import { type Lane, laneOf, LANES } from "../peer/lane";
import { type AddressFrontier, Frontier } from "./frontier";

export class LanedFrontier implements AddressFrontier {
  private readonly lanes: Readonly<Record<Lane, Frontier>>;

  /** `called` are addresses that are known and need no call: those of an earlier discovery. */
  constructor(called: readonly AddressTuple[] = []) {
    const frontierOf = (lane: Lane) => new Frontier(called.filter((address) => laneOf(address) === lane));
    this.lanes = { ip: frontierOf("ip"), tor: frontierOf("tor"), i2p: frontierOf("i2p") };
  }

  get heardOf(): number {
    const { ip, tor, i2p } = this.lanes;
    return ip.heardOf + tor.heardOf + i2p.heardOf;
  }

  get waiting(): number {
    const { ip, tor, i2p } = this.lanes;
    return ip.waiting + tor.waiting + i2p.waiting;
  }

  get underWay(): number {
    const { ip, tor, i2p } = this.lanes;
    return ip.underWay + tor.underWay + i2p.underWay;
  }

  get isDone(): boolean {
    const { ip, tor, i2p } = this.lanes;
    return ip.isDone && tor.isDone && i2p.isDone;
  }

  add(address: AddressTuple): boolean {
    return this.lanes[laneOf(address)].add(address);
  }

  next(lane?: Lane): AddressTuple | undefined {
    if (lane) return this.lanes[lane].next();
    return LANES.map((one) => this.lanes[one])
      .find(({ waiting }) => waiting > 0)
      ?.next();
  }

  finished(address: AddressTuple): void {
    this.lanes[laneOf(address)].finished(address);
  }
}
