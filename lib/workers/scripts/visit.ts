/** Runs in a thread or process: receives an address, visits it, and sends the visit back. */
import type { AddressTuple } from "../../peer/address";
import { packVisit } from "../packed-visit";
import { visit } from "../../peer/handshake";
import { handleRequests } from "./parent-port";

handleRequests(async (address: AddressTuple) => packVisit(await visit(address)));
