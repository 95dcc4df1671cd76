import { BlockList, isIPv6 } from "node:net";

/** What is not the open internet: this machine, its network, link-local (cloud metadata), reserved and multicast. */
const inner = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  inner.addSubnet(network, prefix, "ipv4");
}
/** The only block of IPv6 that is given out for the internet at large, save for what tunnels or documents within it. */
const global6 = new BlockList();
global6.addSubnet("2000::", 3, "ipv6");
const inner6 = new BlockList();
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  inner6.addSubnet(network, prefix, "ipv6");
}

/** Whether an IP address is one of the open internet's. Source: the IANA special-purpose address registries. */
export function isPublicAddress(address: string): boolean {
  if (!isIPv6(address)) return !inner.check(address, "ipv4");
  // An IPv4 address in the clothes of IPv6 is in neither block.
  return global6.check(address, "ipv6") && !inner6.check(address, "ipv6");
}
