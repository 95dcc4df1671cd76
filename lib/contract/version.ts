/** Told at the handshake; its own file so that a browser can know it without loading the schemas. */
export const wireVersion = 1;
