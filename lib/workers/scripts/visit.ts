/** What runs in a thread or process that visits one address at a time: an address comes in, a visit goes out. */
import type { AddressTuple } from "../../peer/address";
import { packVisit } from "../packed-visit";
import { visit } from "../../peer/handshake";
import { handleRequests } from "./parent-port";

handleRequests(async (address: AddressTuple) => packVisit(await visit(address)));
