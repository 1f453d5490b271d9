import type { ISocketFactory } from 'kafkajs';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { BrokerAddress } from './broker-address.js';

const keepAliveDelayMs = 30_000;

/** Sockets as kafkajs makes them, but without Nagle's delay, and routed where `route` says. */
export function createSocketFactory(route?: (advertised: BrokerAddress) => BrokerAddress): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const to = route?.({ host, port }) ?? { host, port };
    // The certificate belongs to the advertised name, wherever the connection is routed.
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = ssl ? connectTls({ ...to, ...servername, ...ssl }, onConnect) : connectTcp(to, onConnect);
    socket.setKeepAlive(true, keepAliveDelayMs);
    socket.setNoDelay(true);
    return socket;
  };
}
