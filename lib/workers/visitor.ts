/** What runs in a thread or process that visits one address at a time: an address comes in, a visit goes out. */
import type { AddressTuple } from "../addresses";
import { packVisit } from "../packed-visit";
import { visit } from "../peer";
import { answerEach } from "./line";

answerEach(async (address: AddressTuple) => packVisit(await visit(address)));
