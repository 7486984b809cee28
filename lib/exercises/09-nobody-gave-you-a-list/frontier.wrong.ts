/** What learners plausibly write instead of `Frontier`. */
import type { WrongAnswer } from "../../checks/exercise";
import { Frontier } from "../../discovery/frontier";
import { addressString, type AddressTuple, nodeKey } from "../../peer/address";

/** What the exercise asks of a frontier: the library's has more. */
export type FrontierAnswer = new () => Pick<Frontier, "add" | "next" | "finished" | "isDone">;

/** A frontier as the third hint has it, with its parts in the open. */
class Simple {
  known = new Set<string>();
  waiting: AddressTuple[] = [];
  underWay = new Set<string>();

  key(address: AddressTuple): string {
    return nodeKey(address);
  }
  add(address: AddressTuple): boolean {
    if (this.known.has(this.key(address))) return false;
    this.known.add(this.key(address));
    this.waiting.push(address);
    return true;
  }
  next(): AddressTuple | undefined {
    const address = this.waiting.shift();
    if (address) this.underWay.add(this.key(address));
    return address;
  }
  finished(address: AddressTuple): void {
    this.underWay.delete(this.key(address));
  }
  get isDone(): boolean {
    return this.waiting.length === 0 && this.underWay.size === 0;
  }
}

const shared = new Set<string>();

export const wrongFrontiers: readonly WrongAnswer<FrontierAnswer>[] = [
  {
    name: "is done when nobody waits",
    caughtBy: "It is not done while an address is under way",
    answer: class extends Simple {
      override get isDone(): boolean {
        return this.waiting.length === 0;
      }
    },
  },
  {
    name: "is done when nobody is under way",
    caughtBy: "It is not done while an address waits",
    answer: class extends Simple {
      override get isDone(): boolean {
        return this.underWay.size === 0;
      }
    },
  },
  {
    name: "keeps the addresses themselves in a Set",
    caughtBy: "add() says whether an address is new",
    answer: class extends Simple {
      seen = new Set<AddressTuple>();
      override add(address: AddressTuple): boolean {
        const copy: AddressTuple = [...address];
        if (this.seen.has(copy)) return false;
        this.seen.add(copy);
        this.waiting.push(copy);
        return true;
      }
    },
  },
  {
    name: "compares addresses as they are spelled",
    caughtBy: "An address is the same however it is spelled",
    answer: class extends Simple {
      override key = addressString;
    },
  },
  {
    name: "compares hosts alone",
    caughtBy: "Another port is another address",
    answer: class extends Simple {
      override key = ([host]: AddressTuple) => nodeKey([host, 1]);
    },
  },
  {
    name: "forgets who is finished",
    caughtBy: "An address that is under way, or finished, is not new",
    answer: class extends Simple {
      override finished(address: AddressTuple): void {
        super.finished(address);
        this.known.delete(this.key(address));
      }
    },
  },
  {
    name: "looks only among those that wait for whether one is new",
    caughtBy: "An address that is under way, or finished, is not new",
    answer: class extends Simple {
      override add(address: AddressTuple): boolean {
        if (this.waiting.some((other) => this.key(other) === this.key(address))) return false;
        this.waiting.push(address);
        return true;
      }
    },
  },
  {
    name: "gives an address without taking it out",
    caughtBy: "next() gives each address once, and then undefined",
    answer: class extends Simple {
      override next(): AddressTuple | undefined {
        return this.waiting[0];
      }
    },
  },
  {
    name: "counts those under way with a number",
    caughtBy: "Finishing an address twice, or one that is not under way, finishes no other",
    answer: class extends Simple {
      count = 0;
      override next(): AddressTuple | undefined {
        const address = this.waiting.shift();
        if (address) this.count++;
        return address;
      }
      override finished(): void {
        this.count--;
      }
      override get isDone(): boolean {
        return this.waiting.length === 0 && this.count <= 0;
      }
    },
  },
  {
    name: "finishes only the spelling that was added",
    caughtBy: "An address may be finished in another spelling",
    answer: class extends Simple {
      override next(): AddressTuple | undefined {
        const address = this.waiting.shift();
        if (address) this.underWay.add(addressString(address));
        return address;
      }
      override finished(address: AddressTuple): void {
        this.underWay.delete(addressString(address));
      }
    },
  },
  {
    name: "returns nothing from add()",
    caughtBy: "add() says whether an address is new",
    answer: class extends Simple {
      override add(address: AddressTuple): boolean {
        super.add(address);
        return undefined as unknown as boolean;
      }
    },
  },
  {
    name: "throws when none waits",
    caughtBy: "next() gives each address once, and then undefined",
    answer: class extends Frontier {
      override next(): AddressTuple | undefined {
        const address = super.next();
        if (!address) throw new Error("nobody waits");
        return address;
      }
    },
  },
  {
    name: "keeps what it knows in a variable outside of the class",
    caughtBy: "Two frontiers share nothing",
    answer: class extends Simple {
      override known = shared;
    },
  },
];
