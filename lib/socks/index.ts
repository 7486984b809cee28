/** SOCKS5, both sides of it: how a proxy is asked to connect. Imports no socket. */
export { SocksClient } from "./client";
export { connectRequest, type Credentials, credentialsMessage, helloMessage } from "./messages";
export { errorOfReply, SocksError, type SocksErrorCode } from "./replies";
export { replyMessage, type SocksRequest, SocksServer } from "./server";
