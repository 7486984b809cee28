/** The numbers of networks of addresses in BIP 155. */
export const NETWORK_ID = { ipv4: 1, ipv6: 2, torV2: 3, torV3: 4, i2p: 5, cjdns: 6 } as const;
